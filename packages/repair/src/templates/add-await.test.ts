import { describe, expect, it } from 'vitest';
import { addAwait } from './add-await.ts';
import { repaired } from './template-rig.ts';

const load = 'async function load(id) {\n  return { id };\n}\n';
const of = (text: string, at: string, data = {}, category = 'missing-await') =>
  repaired(addAwait, { files: { 'a.js': load + text }, at, category, data });

describe('addAwait', () => {
  it('awaits the call whose promise is taken for its value', () => {
    const [best] = of('async function f(id) {\n  const user = load(id);\n  return user.name;\n}\n', 'load(id);', { call: 'load(id)' });
    expect(best).toContain('const user = await load(id);');
  });

  it('puts the await in parentheses before a member', () => {
    const [best] = of('async function f(id) {\n  return load(id).name;\n}\n', 'load(id).name', { call: 'load(id)' });
    expect(best).toContain('return (await load(id)).name;');
  });

  it('awaits a list of promises as a whole', () => {
    const [best] = of(
      'async function f(ids) {\n  const users = ids.map(async (id) => load(id));\n  return users[0].name;\n}\n',
      'ids.map',
      {
        call: 'ids.map(async (id) => load(id))',
      },
    );
    expect(best).toContain('const users = await Promise.all(ids.map(async (id) => load(id)));');
  });

  it('turns a forEach that nobody waits for into one that is awaited', () => {
    const [best] = of('async function f(ids) {\n  ids.forEach(async (id) => {\n    await load(id);\n  });\n}\n', 'ids.forEach', {
      call: 'ids.forEach(async (id) => {\n    await load(id);\n  })',
    });
    expect(best).toContain('await Promise.all(ids.map(async (id) => {');
    expect(best).toContain('}));');
  });

  it('makes the function asynchronous where it is not', () => {
    const [best] = of('function f(id) {\n  const user = load(id);\n  return user.name;\n}\n', 'load(id);', { call: 'load(id)' });
    expect(best).toContain('async function f(id) {\n  const user = await load(id);');
  });

  it('finds the call behind the constant that is used', () => {
    const [best] = of(
      'async function f(id) {\n  const user = load(id);\n  return user.name.trim();\n}\n',
      'user.name.trim',
      { receiver: 'user' },
      'null-access',
    );
    expect(best).toContain('const user = await load(id);');
  });

  it('leaves what is awaited, or no promise, alone', () => {
    expect(
      of('async function f(id) {\n  const user = await load(id);\n  return user.name;\n}\n', 'await load', { call: 'load(id)' }),
    ).toEqual([]);
    expect(of('function g() {}\nfunction f() {\n  return g().x;\n}\n', 'g().x')).toEqual([]);
  });
});
