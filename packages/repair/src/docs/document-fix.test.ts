import type { Candidate, RegressionTest } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../patch/apply-edits.ts';
import { policy } from '../templates/template-rig.ts';
import { testInput } from '../testgen/test-rig.ts';
import { changelogEntry } from './changelog.ts';
import { documentFix } from './document-fix.ts';

const entry = (text: string) => applyEdits({ 'CHANGELOG.md': text }, changelogEntry('CHANGELOG.md', text, 'fixed it'))['CHANGELOG.md'];

describe('changelogEntry', () => {
  it.each([
    [
      'a list of unreleased changes',
      '# Changes\n\n## Unreleased\n\n* one\n\n## 1.0\n\n* zero\n',
      '# Changes\n\n## Unreleased\n\n* one\n* fixed it\n\n## 1.0\n\n* zero\n',
    ],
    [
      'an empty list of unreleased changes',
      '# Changes\n\n## [Unreleased]\n\n## 1.0\n\n- zero\n',
      '# Changes\n\n## [Unreleased]\n\n- fixed it\n\n## 1.0\n\n- zero\n',
    ],
    [
      'groups with a group of fixes',
      '## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- b\n\n## 1.0\n',
      '## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- b\n- fixed it\n\n## 1.0\n',
    ],
    [
      'groups without one',
      '## [Unreleased]\n\n### Added\n\n- a\n\n## 1.0\n',
      '## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- fixed it\n\n## 1.0\n',
    ],
    [
      'versions alone',
      '# Changelog\n\n## 1.0.0 - 2026-01-01\n\n- zero\n',
      '# Changelog\n\n## Unreleased\n\n- fixed it\n\n## 1.0.0 - 2026-01-01\n\n- zero\n',
    ],
    ['Windows line ends', '# C\r\n\r\n## Unreleased\r\n\r\n- a\r\n', '# C\r\n\r\n## Unreleased\r\n\r\n- a\r\n- fixed it\r\n'],
    ['no newline at the end', '## Unreleased\n\n- a', '## Unreleased\n\n- a\n- fixed it\n'],
  ])('keeps to %s', (_title, text, wanted) => {
    expect(entry(text)).toBe(wanted);
  });

  it('leaves a file alone whose form is not understood', () => {
    expect(entry('Read the releases page.\n')).toBe('Read the releases page.\n');
  });
});

const code = '/** The city of a user. */\nexport function cityOf(user) {\n  return user.address.city;\n}\n';
const input = testInput({
  files: { 'src/a.js': code, 'CHANGELOG.md': '## Unreleased\n\n- a\n' },
  at: 'user.address',
  category: 'null-access',
});
const test: RegressionTest = {
  id: 't',
  proof: 'reproduction',
  runner: 'vitest',
  file: 'a.test.js',
  titles: ['a'],
  edits: [],
  target: { file: 'src/a.js', line: 3 },
  source: { events: [], description: 'a call' },
  expectation: 'cityOf gives null',
};
const candidate = (search: string, replace: string): Candidate => ({
  id: 'c',
  template: 'guard-null',
  title: 'Leave where user.address is missing',
  rationale: 'It may be missing.',
  edits: [{ file: 'src/a.js', search, replace }],
  location: { file: 'src/a.js', line: 3 },
  prior: 0.5,
  score: 0.5,
  proposer: 'templates',
});
const document = (one: Candidate | undefined, more: Partial<Parameters<typeof documentFix>[0]> = {}) =>
  documentFix({ ...input, ...(one ? { candidate: one } : {}), test, trials: [], policy, ...more });

describe('documentFix', () => {
  it.each([
    ['  return user.address?.city ?? null;', 'Null'],
    ['  if (!user.address) return [];\n  return user.address.city;', 'Empty'],
    ['  if (!user.address) {\n    return undefined;\n  }\n  return user.address.city;', 'Undefined'],
  ])('tells of a value that the function did not give before: %s', (replace, said) => {
    const one = candidate('  return user.address.city;', replace);
    const { edits, touched } = document(one);
    const after = applyEdits(input.sources.files, [...one.edits, ...edits]);
    expect(after['src/a.js']).toContain(`/** The city of a user. ${said} where the data it needs is missing. */`);
    expect(touched).toEqual(['src/a.js', 'CHANGELOG.md']);
  });

  it('leaves a doc comment alone that says so, or where nothing new is given', () => {
    expect(document(candidate('user.address.city', '(user.address ?? {}).city')).touched).toEqual(['CHANGELOG.md']);
    const said = testInput({
      files: { 'src/a.js': code.replace('a user.', 'a user, or null.') },
      at: 'user.address',
      category: 'null-access',
    });
    expect(document(candidate('  return user.address.city;', '  return user.address?.city ?? null;'), said).touched).toEqual([]);
  });

  it('keeps the incident note out of the tree, but where the policy names a folder', () => {
    const one = candidate('user.address.city', 'user.address?.city');
    expect(document(one).touched).not.toContain('docs/incidents/i1.md');
    const { edits, note } = document(one, { policy: { ...policy, notes: 'docs/incidents' } });
    expect(edits.find((edit) => edit.file === 'docs/incidents/i1.md')?.replace).toBe(note);
  });

  it('writes what was seen, assumed and tried, and gives logged text no say in the page', () => {
    const hostile = {
      ...input.diagnosis,
      analysis: {
        ...input.diagnosis.analysis,
        facts: [{ statement: 'x\n# Approved <img src=x> [ok](http://evil)', kind: 'log' as const }],
        guesses: ['perhaps'],
      },
    };
    const trials = [{ candidateId: 'c', testId: 't', plausible: false, failed: [], durationMs: 1, why: 'broke a test' }];
    const { note } = document(candidate('user.address.city', 'user.address?.city'), { diagnosis: hostile, trials });
    expect(note).toContain('- x # Approved \\<img src=x\\> \\[ok\\](http://evil)');
    expect(note).not.toMatch(/^# Approved/m);
    expect(note).toContain('- perhaps');
    expect(note).toContain('- broke a test');
    expect(note).toContain('**Test:** `a.test.js`');
  });

  it('has only a note for a coverage gap', () => {
    expect(document(undefined)).toMatchObject({ edits: [], touched: [], note: expect.stringContaining('none needed') });
  });
});
