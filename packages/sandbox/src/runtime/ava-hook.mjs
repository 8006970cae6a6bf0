/**
 * Loaded with `--import` into ava, which takes no reporters of one's own: ours is handed out in place of its TAP reporter. ava's workers
 * load this too, but never that module.
 */
import { registerHooks } from 'node:module';

const reporter = new URL('./ava-reporter.mjs', import.meta.url).href;

registerHooks({
  load(url, context, next) {
    if (!/\/ava\/lib\/reporters\/tap\.js$/.test(url)) return next(url, context);
    const source = `export { default, default as 'module.exports' } from ${JSON.stringify(reporter)};`;
    return { format: 'module', source, shortCircuit: true };
  },
});
