import { describe, expect, it } from 'vitest';
import { optionalChain } from './optional-chain.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, receiver?: string) =>
  repaired(optionalChain, {
    files: { 'a.js': text },
    at,
    category: 'null-access',
    ...(receiver === undefined ? {} : { data: { receiver } }),
  });

describe('optionalChain', () => {
  it('reads through the missing part of a condition', () => {
    expect(of("if (user.profile.role === 'admin') open();\n", 'user.profile.role', 'user.profile')).toEqual([
      "if (user.profile?.role === 'admin') open();\n",
    ]);
  });

  it('puts the empty value of the function behind a returned chain', () => {
    const text = "function f(a) {\n  if (!a) return '';\n  return a.b.trim().toUpperCase();\n}\n";
    expect(of(text, 'a.b.trim', 'a.b')[0]).toContain("return a.b?.trim().toUpperCase() ?? '';");
  });

  it('cuts element accesses and calls', () => {
    expect(of('log(map.rows[0]);\n', 'map.rows[0]', 'map.rows')).toEqual(['log(map.rows?.[0]);\n']);
    expect(of('hooks.onDone(1);\n', 'hooks.onDone', 'hooks')).toEqual(['hooks?.onDone(1);\n']);
  });

  it('never makes an assignment target optional', () => {
    expect(of('a.b.c = 1;\n', 'a.b.c', 'a.b')).toEqual([]);
    expect(of('a.b.count++;\n', 'a.b.count', 'a.b')).toEqual([]);
  });
});
