import { describe, expect, test } from 'vitest';
import { linkPlans } from '../plans.ts';
import { readSequence } from '../reader/read-sequence.ts';
import { compileSequence } from './compile-sequence.ts';
import { readLibrary } from './read-library.ts';

const handler = (name: string, more: object = {}) => ({ handler: name, kind: 'stage-crew', ...more });

function planOf(id: string, beats: readonly object[], more: object = {}) {
  const document = { id, name: 'Close', movements: [{ id: 'main', name: 'Main', beats }], ...more };
  const { plan, diagnostics } = readSequence(JSON.stringify(document), { file: 'close.json' });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

/** The workflow's code, all white space as one blank. */
function compiled(beats: readonly object[], more: object = {}): string {
  const files = compileSequence(planOf('shop.close', beats, more), { library: new Map() });
  return (files.get('src/workflows/shop-close.ts') ?? '').replaceAll(/\s+/g, ' ');
}

describe('a compiled sequence', () => {
  test('calls activities of their own names, with what paths, texts and defaults give', () => {
    const text = compiled([
      handler('load', { input: { day: { path: '$.input.day', required: true }, list: ['a', 'b'] } }),
      handler('send', { input: { '...': '$.load', text: { template: 'for {{$.input.day}}' }, n: { path: '$.load.n', default: 5 } } }),
    ]);
    expect(text).toContain("load({ day: main.required('day', '$.input.day'), list: ['a', 'b'] })");
    const sent = `...main.fields(main.at('$.load')), text: \`for \${main.text('$.input.day')}\`, n: main.at('$.load.n') ?? 5,`;
    expect(text).toContain(sent);
  });

  test('writes conditions as they read', () => {
    const condition = {
      field: '$.input.n',
      operator: 'gt',
      value: 5,
      and: [{ field: '$.input.open', operator: 'exists' }],
      or: [{ not: { field: '$.input.kind', operator: 'eq', value: '$.input.other' } }],
    };
    const text = compiled([handler('a', { when: condition })]);
    expect(text).toContain(
      "(main.is('$.input.n', 'gt', 5) && main.is('$.input.open', 'exists')) || !(main.is('$.input.kind', 'eq', main.at('$.input.other')))",
    );
  });

  test('hands failed beats to a coordinator where they or the beat around them say so', async () => {
    const inner = [handler('b'), handler('c', { aiRemediation: { enabled: false } })];
    const beats = [
      handler('a', { aiRemediation: { enabled: true, maxAiRetries: 2 } }),
      { id: 'all', forEach: [1], beats: inner, aiRemediation: { enabled: true } },
    ];
    const text = compiled(beats);
    expect(text).toContain("main.remediated('a', { enabled: true, maxAiRetries: 2 }, () => (main.baton), a, { kind: 'stage-crew' })");
    expect(text).toContain("each.remediated('b', { enabled: true, maxAiRetries: 3 }");
    expect(text).toContain("each.beat('c', () => c(each.baton))");
    expect(text).toContain('remediate: (...beat) => remediated(REMEDIATION, ...beat)');
    const library = new Map([['workflows/remediated.ts', '']]);
    const remediation = { proposers: ['mine'], coordinatorTimeoutMs: 5, awaitPersonMs: 0 };
    const files = compileSequence(planOf('shop.close', beats), { library, remediation });
    expect(files.get('src/remediation.ts')).toContain("proposers: ['mine']");
    expect(files.has('src/library/workflows/remediated.ts')).toBe(true);
    const plain = compileSequence(planOf('shop.close', [handler('a')]), { library });
    expect([...plain.keys()].filter((path) => path.includes('remediat'))).toEqual([]);
  });

  test('groups activities by timeout and retry', () => {
    const text = compiled([handler('a'), handler('b'), handler('c', { timeout: '5s', retry: { maximumAttempts: 7 } })]);
    expect(text).toContain(
      'const { a, b } = proxyActivities<Activities>({ startToCloseTimeout: 600_000, retry: { maximumAttempts: 3 } });',
    );
    expect(text).toContain('const { c } = proxyActivities<Activities>({ startToCloseTimeout: 5000, retry: { maximumAttempts: 7,');
  });

  test('lets no text of a document become code', () => {
    const evil = `*/ process.exit() /* ' \` \${process.exit()}\n// \\`;
    const beats = [
      { id: 'q', title: evil, approval: { prompt: { template: `${evil} {{$.input.x}}` } } },
      handler('a', { input: { [evil]: { value: evil } } }),
    ];
    const files = compileSequence(planOf('shop.close', beats, { description: evil }), { library: new Map() });
    const notCode = /\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/gm;
    const code = (files.get('src/workflows/shop-close.ts') ?? '').replaceAll(notCode, '');
    expect(code).toContain('asker');
    expect(code).not.toContain('process');
  });

  test('refuses a child that is not known, and compiles each linked one', () => {
    const parent = planOf('shop.close', [{ id: 'post', sequence: 'shop.post' }]);
    expect(() => compileSequence(parent, { library: new Map() })).toThrow(/"shop.post", which "shop.close" calls/);
    const files = compileSequence(linkPlans(parent, [planOf('shop.post', [handler('p')])]), { library: new Map() });
    expect(files.get('src/workflows/index.ts')).toBe(
      "export { shopClose } from './shop-close.ts';\nexport { shopPost } from './shop-post.ts';\n",
    );
    expect(files.get('src/workflows/shop-close.ts')).toContain('executeChild(shopPost, {');
  });
});

test('the library is closed: its files import each other alone', async () => {
  const library = await readLibrary(new Map());
  for (const [path, text] of library) {
    for (const [, specifier = ''] of text.matchAll(/from '([^']+)'/g)) {
      expect(library.has(new URL(specifier, `file:///${path}`).pathname.slice(1)), `${path} imports ${specifier}`).toBe(true);
    }
  }
});
