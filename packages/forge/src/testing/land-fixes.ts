import { landFix } from './landing.ts';

/** `node land-fixes.ts <root> <base> <name>`: ships one fix; killed by the test of what a crash leaves. Prints `go` before it begins. */
const [root = '', base = '', name = ''] = process.argv.slice(2);
process.stdout.write('go\n');
await landFix(root, { name, base, edits: [{ file: `src/${name}/größe.js`, search: '', replace: `${name}\n`.repeat(200) }] });
