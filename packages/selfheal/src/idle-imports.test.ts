import { execa } from 'execa';
import { expect, test } from 'vitest';

const WATCH = `
import { registerHooks } from 'node:module';
const found = [];
registerHooks({ resolve: (specifier, context, next) => (found.push(specifier), next(specifier, context)) });
await import('selfheal');
await import('@selfheal/handlers');
console.log(JSON.stringify(found));
`;

test('an engine at rest loads no compiler and no model SDK', async () => {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', WATCH], { cwd: import.meta.dirname });
  const specifiers: string[] = JSON.parse(stdout);
  expect(specifiers).toContain('@selfheal/sandbox');
  expect(
    specifiers.filter((name) => /^(?:ts-morph|typescript|@ts-morph\/|@babel\/|openai|@anthropic-ai\/|handlebars|@selfheal\/ai)/.test(name)),
  ).toEqual([]);
});
