import { describe, expect, it } from 'vitest';
import { change, check, rules } from './integrity-rig.ts';

const inTotal = (code: string) => change('src/order.ts', '  let sum = 0;\n', `${code}\n  let sum = 0;\n`);

describe('production code may not ask whether it is tested', () => {
  it.each([
    "if ('VITEST' in process.env) return 8;",
    "if (Object.keys(process.env).includes('x')) return 8;",
    'for (const name in process.env) if (name) return 8;',
    "if (process.env.npm_lifecycle_event === 'test') return 8;",
    "if (typeof describe === 'function') return 8;",
    'if (globalThis.it) return 8;',
    "if (Reflect.has(globalThis, 'it')) return 8;",
    "if ('expect' in globalThis) return 8;",
    'if (process.execArgv.length > 0) return 8;',
    "if (process.argv[1].endsWith('mocha')) return 8;",
    "if (new Error().stack.includes('/test/')) return 8;",
    'if (/spec/.test(new Error().stack)) return 8;',
    'if (import.meta.vitest) return 8;',
    "if (require.main.filename.includes('jest')) return 8;",
    'if (JSON.stringify(order) === \'{"lines":[]}\') return 8;',
  ])('%s', (code) => {
    expect(rules(check([inTotal(code)]))).toContain('test-api-replaced');
  });

  it.each([
    "import { readFileSync } from 'node:fs';\nreadFileSync('test/order.test.ts');\n",
    "import { writeFile } from 'node:fs/promises';\nvoid writeFile('node_modules/vitest/index.js', '');\n",
    "import * as fs from 'node:fs';\nfs.writeFileSync(new URL(import.meta.url), '');\n",
  ])('nor reach for tests, packages or itself: %j', (code) => {
    expect(rules(check([change('src/order.ts', 'import { price }', `${code}import { price }`)]))).toContain('test-api-replaced');
  });

  it.each([
    "const settings = { ...process.env, zone: 'near' };",
    'const isMain = process.argv[1] === import.meta.filename;',
    "const test = (line: string) => line !== '';\n  test('a');",
    'const { stack } = new Error();',
    "if (JSON.stringify(order) === '{}') return 0;",
    "if (process.env.SHOP_MODE === 'cheap') return 0;",
  ])('while this is its business: %s', (code) => {
    expect(check([inTotal(code)]).violations).toEqual([]);
  });
});
