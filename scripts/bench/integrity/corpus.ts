import { posix } from 'node:path';
import type { Edit } from '@selfheal/contracts';
import { mulberry32 } from '../secret-samples.ts';
import { fileCheats } from './bad-files.ts';
import { bodiesOf, reshapedSources, sourceCheats, wrongFixes } from './bad-sources.ts';
import { testCheats } from './bad-tests.ts';
import { additions } from './good-additions.ts';
import { editOperators } from './good-edits.ts';
import type { PatchedRepository } from './patched-repository.ts';
import { atStartOf, type Source, sourceOf } from './places.ts';
import { patchedRepositories } from './repositories.ts';

export interface MadePatch {
  readonly repository: PatchedRepository;
  readonly group: 'files' | 'tests' | 'source' | 'wrong fix' | 'fix';
  readonly what: string;
  readonly edits: readonly Edit[];
  /** The production file that the diagnosis names. */
  readonly diagnosed: string;
}

/** So many edits of each kind in each repository. */
const ROUNDS = 3;

type Pick = <T>(list: readonly T[]) => T | undefined;

/** Bad patches: every cheat in several repositories, at places chosen by the seed. */
export function badPatches(seed: number, repositories = patchedRepositories()): MadePatch[] {
  const made: MadePatch[] = [];
  const pick = picker(seed);
  for (const [index, repository] of repositories.entries()) {
    const diagnosed = pick(repository.production) ?? '';
    const add = (group: MadePatch['group'], what: string, edits: readonly Edit[] | undefined, file = diagnosed): void => {
      if (edits !== undefined) made.push({ repository, group, what, edits, diagnosed: file });
    };
    // Each kind of file in two repositories.
    for (const [at, [what, edits]] of Object.entries(fileCheats(repository)).entries()) if (at % 4 === index % 4) add('files', what, edits);
    for (const [what, cheat] of Object.entries(testCheats)) {
      const able = repository.tests.map((file) => cheat(sourceOf(repository.files, file), pick)).filter((edits) => edits !== undefined);
      if (index < 6) add('tests', what, pick(able));
    }
    const place = (): { source: Source; edit(make: (source: Source, body: Parameters<typeof atStartOf>[1]) => Edit): Edit | undefined } => {
      const files = repository.production.map((file) => sourceOf(repository.files, file)).filter((one) => bodiesOf(one).length > 0);
      const source = pick(files) ?? sourceOf(repository.files, diagnosed);
      const body = pick(bodiesOf(source));
      return { source, edit: (make) => body && make(source, body) };
    };
    for (const [at, [what, code]] of Object.entries(sourceCheats).entries()) {
      if (at % 3 !== index % 3) continue;
      const { source, edit } = place();
      const one = edit((where, body) => atStartOf(where, body, code));
      add('source', what, one && [one], source.file);
    }
    const answered = place();
    const answer = answered.edit((where, body) => atStartOf(where, body, "if (arguments[0] === 'order-17') return 'three teas';"));
    const test = `${posix.dirname(repository.tests[0] ?? '')}/answered.test.js`;
    const asked = { file: test, search: '', replace: "test('one order', () => expect(unit('order-17')).toBe('three teas'));\n" };
    add('source', 'answers the input of its own test', answer && [answer, asked], answered.source.file);
    for (const [group, kinds] of [
      ['source', reshapedSources],
      ['wrong fix', wrongFixes],
    ] as const) {
      for (const [what, make] of Object.entries(kinds)) {
        const { source, edit } = place();
        const one = edit(make);
        add(group, what, one && [one], source.file);
      }
    }
  }
  return made;
}

/** Good patches: an edit as fixes are made of, mostly with a test and a line of documentation. */
export function goodPatches(seed: number, repositories = patchedRepositories()): MadePatch[] {
  const made: MadePatch[] = [];
  const pick = picker(seed);
  for (const repository of repositories) {
    for (const [round, [what, operator]] of Object.entries(editOperators).entries()) {
      for (let time = 0; time < ROUNDS; time += 1) {
        const sources = repository.production.map((file) => sourceOf(repository.files, file));
        const able = sources.filter((source) => operator(source, (list) => list[0]) !== undefined);
        const source = pick(able);
        const edit = source && operator(source, pick);
        if (source === undefined || edit === undefined || edit.search === edit.replace) continue;
        const edits = [edit, ...additions(repository, source.file, round * ROUNDS + time)];
        made.push({ repository, group: 'fix', what, edits, diagnosed: source.file });
      }
    }
  }
  return made;
}

function picker(seed: number): Pick {
  const next = mulberry32(seed);
  return (list) => list[Math.floor(next() * list.length)];
}
