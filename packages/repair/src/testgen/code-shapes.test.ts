import { describe, expect, it } from 'vitest';
import { indexCodebase } from '../codebase/index-codebase.ts';
import { analyzeError } from '../locate/analyze-error.ts';
import { applyEdits } from '../patch/apply-edits.ts';
import { syntaxFaults } from '../patch/check-types.ts';
import { proposeCandidates } from '../search/propose-candidates.ts';
import { fixTemplates } from '../templates/index.ts';
import { contextOf, policy } from '../templates/template-rig.ts';
import { generateTests } from './generate-tests.ts';
import { testInput } from './test-rig.ts';

const sample = "import { expect, test } from 'vitest';\ntest('a', () => expect(1).toBe(1));\n";

/** Code in forms that are not plain JavaScript; each reads `.city` of what is missing in the function `cityOf`. */
const SHAPES: Record<string, { path: string; text: string; at: string; imported: RegExp }> = {
  'a decorated class': {
    path: 'src/labels.ts',
    text: "import { Injectable, Inject } from '@nestjs/common';\n\n@Injectable()\nexport class Labels {\n  @Inject('X') x!: string;\n\n  @Memo({ ttl: 5 })\n  cityOf(order: { address?: { city: string } }): string {\n    return order.address!.city.toUpperCase();\n  }\n}\n",
    at: 'order.address!.city',
    imported: /import \{ Labels \} from '\.\.\/src\/labels/,
  },
  'a component in TSX': {
    path: 'src/label.tsx',
    text: 'import type { ReactNode } from \'react\';\n\ninterface Props {\n  order: { address?: { city: string } };\n}\n\nexport function cityOf({ order }: Props): ReactNode {\n  return <b title="city">{order.address!.city.toUpperCase()}</b>;\n}\n',
    at: 'order.address!.city',
    imported: /import \{ cityOf \} from '\.\.\/src\/label/,
  },
  'a component in JSX': {
    path: 'src/label.jsx',
    text: 'export const cityOf = ({ order }) => {\n  return <>{order.address.city.toUpperCase()}</>;\n};\n',
    at: 'order.address.city',
    imported: /import \{ cityOf \} from '\.\.\/src\/label/,
  },
  'CommonJS in TypeScript': {
    path: 'src/label.cts',
    text: "import fs = require('node:fs');\n\nfunction cityOf(order: { address?: { city: string } }): string | null {\n  if (!fs) return null;\n  return order.address!.city.toUpperCase();\n}\n\nexport = { cityOf };\n",
    at: 'order.address!.city',
    imported: /label/,
  },
  'exports assigned in TypeScript': {
    path: 'src/label.ts',
    text: "const util = require('node:util');\n\nfunction cityOf(order: { address?: { city: string } }): string {\n  return util.format(order.address!.city);\n}\n\nmodule.exports = { cityOf };\n",
    at: 'order.address!.city',
    imported: /label/,
  },
  'enums, namespaces and parameter properties': {
    path: 'src/labels.ts',
    text: 'export enum Kind { A, B }\nexport namespace Labels {\n  export const kind = Kind.A;\n}\nexport class Printer {\n  constructor(private readonly prefix = "x") {}\n  cityOf(order: { address?: { city: string } }): string {\n    return this.prefix + order.address!.city;\n  }\n}\n',
    at: 'order.address!.city',
    imported: /import \{ Printer \}/,
  },
  'generics, satisfies and overloads': {
    path: 'src/labels.ts',
    text: 'interface Order { address?: { city: string } }\nexport function cityOf(order: Order): string;\nexport function cityOf<T extends Order>(order: T): string {\n  const found = order.address!.city satisfies string;\n  return found;\n}\n',
    at: 'order.address!.city',
    imported: /import \{ cityOf \}/,
  },
};

describe.each(Object.entries(SHAPES))('%s', (_, { path, text, at, imported }) => {
  const files = { [path]: text, 'test/a.test.ts': sample, 'package.json': '{ "type": "module" }' };
  const fault = { files, at, category: 'null-access', data: { receiver: at.replace(/!?\.city$/, ''), property: 'city' } };

  it('is indexed with its functions and located by a stack', () => {
    const { sources } = contextOf(fault);
    const codebase = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] });
    expect(codebase.functions.some(({ name }) => /(^|\.)cityOf$/.test(name))).toBe(true);
    const { anomaly } = testInput({
      ...fault,
      error: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'city')" },
    });
    if (anomaly.details.type !== 'error') throw new TypeError('not an error');
    const line = text.slice(0, text.indexOf(at)).split('\n').length;
    const frames = [{ function: 'cityOf', file: path, line, column: 5, inApp: true }];
    const [example] = anomaly.details.error.examples;
    const error = { ...anomaly.details.error, frames, examples: example ? [{ ...example, frames }] : [] };
    const analysis = analyzeError({ ...anomaly, details: { ...anomaly.details, error } }, codebase, sources);
    expect(analysis?.rootCause).toMatchObject({ category: 'null-access', location: { file: path, line } });
  });

  it('is repaired and tested by code that parses', () => {
    const { analysis, codebase, sources } = contextOf(fault);
    const input = testInput({ ...fault, error: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'city')" } });
    const { candidates } = proposeCandidates({ analysis, codebase, sources, priors: [], templates: fixTemplates, policy });
    expect(candidates.length).toBeGreaterThan(0);
    for (const { edits } of candidates) expect(syntaxFaults(path, applyEdits(files, edits)[path] ?? '')).toEqual([]);
    const { tests } = generateTests(input);
    const written = tests.map((test) => test.edits[0]?.replace ?? '');
    expect(written.join('\n')).toMatch(imported);
    for (const test of tests) expect(syntaxFaults(test.file, test.edits[0]?.replace ?? '')).toEqual([]);
  });
});
