import { describe, expect, it } from 'vitest';
import { defaultValue } from './default-value.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, receiver: string) =>
  repaired(defaultValue, { files: { 'a.ts': text }, at, category: 'null-access', data: { receiver } });

describe('defaultValue', () => {
  it('takes an empty list for what is mapped', () => {
    expect(of('export const n = (o: O) => o.items.map((i) => i.n);\n', 'o.items', 'o.items')).toEqual([
      'export const n = (o: O) => (o.items ?? []).map((i) => i.n);\n',
    ]);
  });

  it('takes an empty list for what is looped over', () => {
    expect(of('for (const item of order.items) pack(item);\n', 'order.items', 'order.items')).toEqual([
      'for (const item of order.items ?? []) pack(item);\n',
    ]);
  });

  it('takes an empty object for what is taken apart', () => {
    expect(of('const { city } = user.address;\n', 'user.address', 'user.address')).toEqual(['const { city } = user.address ?? {};\n']);
  });

  it('takes an empty list for what is spread or turned into a map', () => {
    expect(of('const all = [...a.list];\n', 'a.list', 'a.list')).toEqual(['const all = [...(a.list ?? [])];\n']);
    expect(of('const all = new Map(a.list);\n', 'a.list', 'a.list')).toEqual(['const all = new Map(a.list ?? []);\n']);
  });

  it('offers a default where the value is bound', () => {
    const all = of('function f({ tags }: P) {\n  return tags.join();\n}\n', 'tags.join', 'tags');
    expect(all).toContain('function f({ tags = [] }: P) {\n  return tags.join();\n}\n');
    const declared = of('function f(p: P) {\n  const tags = p.tags;\n  return tags.join();\n}\n', 'tags.join', 'tags');
    expect(declared[0]).toContain('const tags = p.tags ?? [];');
  });

  it('leaves an optional parameter and one with a default alone', () => {
    expect(of('function f(tags?: string[]) {\n  return tags.join();\n}\n', 'tags.join', 'tags')).toEqual([
      'function f(tags?: string[]) {\n  return (tags ?? []).join();\n}\n',
    ]);
  });
});
