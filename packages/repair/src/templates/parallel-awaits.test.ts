import { describe, expect, it } from 'vitest';
import { parallelAwaits } from './parallel-awaits.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, more: Record<string, string> = {}) =>
  repaired(parallelAwaits, { files: { 'a.js': text, ...more }, at, category: 'sequential-awaits' });
const collecting = `async function all(ids) {
  const users = [];
  for (const id of ids) {
    const user = await load(id);
    users.push({ id, user });
  }
  return users.length;
}
`;

/** Runs the function `name` of a module text with a `load` that counts how many of its calls are under way. */
async function run(text: string, name: string, ids: unknown): Promise<{ value: unknown; most: number }> {
  let running = 0;
  let most = 0;
  const load = async (id: number) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (id < 0) throw new Error(`no user ${id}`);
    return id * 2;
  };
  const module: (loader: typeof load) => (ids: unknown) => Promise<unknown> = new Function('load', `${text}\nreturn ${name};`) as never;
  const value = await module(load)(ids);
  return { value, most };
}

describe('parallelAwaits', () => {
  it('runs the passes in batches, keeps order and errors', async () => {
    const text = collecting.replace('return users.length', 'return users');
    const [batched = '', plain = ''] = of(text, 'for (const id');
    expect(batched).toContain('for (let start = 0; start < all.length; start += batchSize)');
    const ids = Array.from({ length: 40 }, (_, index) => index);
    const before = await run(text, 'all', ids);
    const after = await run(batched, 'all', ids);
    expect(after.value).toEqual(before.value);
    expect([before.most, after.most]).toEqual([1, 16]);
    expect((await run(plain, 'all', new Set(ids))).value).toEqual(before.value);
    await expect(run(batched, 'all', [1, -2, 3])).rejects.toThrow('no user -2');
  });

  it('does without a copy where the collection is an array', () => {
    const [batched] = of(
      'async function all(ids) {\n  log(ids.length);\n  const users = [];\n  for (const id of ids) {\n    users.push(await load(id));\n  }\n  return users;\n}\n',
      'for (const id',
    );
    expect(batched).toContain('const batch = ids.slice(start, start + batchSize);');
  });

  it('uses p-limit where the repository depends on it', () => {
    const [best] = of(`import x from './x.js';\n${collecting}`, 'for (const id', {
      'package.json': '{ "dependencies": { "p-limit": "^6" } }',
    });
    expect(best).toContain("import pLimit from 'p-limit';");
    expect(best).toContain('const limit = pLimit(16);');
  });

  it('runs passes that only do something', async () => {
    const text =
      'async function all(ids) {\n  const seen = [];\n  for (const id of ids) {\n    await load(id);\n    note(id);\n  }\n}\nfunction note() {}\n';
    const [best = ''] = of(text, 'for (const id');
    expect((await run(best, 'all', [1, 2, 3])).most).toBe(3);
  });

  it('asks beforehand where the loop adds up', async () => {
    const text =
      'async function all(ids) {\n  let sum = 0;\n  for (const id of ids) {\n    sum += await load(id);\n  }\n  return sum;\n}\n';
    const [best = ''] = of(text, 'for (const id');
    expect(await run(best, 'all', [1, 2, 3])).toEqual({ value: 12, most: 3 });
  });

  it('goes over a counted loop', async () => {
    const text =
      'async function all(ids) {\n  const users = [];\n  for (let i = 0; i < ids.length; i++) {\n    const id = ids[i];\n    users.push(await load(id));\n  }\n  return users;\n}\n';
    const [best = ''] = of(text, 'for (let i');
    expect(await run(best, 'all', [1, 2, 3])).toEqual({ value: [2, 4, 6], most: 3 });
  });

  it('leaves a loop that may end early alone', () => {
    expect(
      of('async function all(ids) {\n  for (const id of ids) {\n    if (await load(id)) return id;\n  }\n}\n', 'for (const id'),
    ).toEqual([]);
  });

  it('asks for independent values at once', async () => {
    const text = 'async function all(id) {\n  const a = await load(id);\n  const b = await load(id + 1);\n  return [a, b];\n}\n';
    const [best = ''] = of(text, 'const a');
    expect(best).toContain('const [a, b] = await Promise.all([load(id), load(id + 1)]);');
    expect(await run(best, 'all', 1)).toEqual({ value: [2, 4], most: 2 });
  });

  it('keeps values apart that need each other', () => {
    expect(of('async function all(id) {\n  const a = await load(id);\n  const b = await load(a);\n  return b;\n}\n', 'const a')).toEqual(
      [],
    );
  });
});
