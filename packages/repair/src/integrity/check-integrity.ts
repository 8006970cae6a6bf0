import { type Edit, type IntegrityViolation, isSelfhealError, type SelfhealConfig } from '@selfheal/contracts';
import { diffLines } from 'diff';
import { applyEdits, changedPaths, type Files } from '../patch/apply-edits.ts';
import { forgeries } from './code-rules.ts';
import { manifestViolation, newDependencies } from './dependency-rules.ts';
import { isCode } from './parse.ts';
import { pathKind, pathViolations } from './path-rules.ts';
import { specialCases } from './special-cases.ts';
import { skippedInNewTests, weakenedTests } from './test-rules.ts';

export interface IntegrityInput {
  /** The repository's files at the base. */
  readonly sources: Files;
  readonly edits: readonly Edit[];
  readonly policy: SelfhealConfig['policy'];
  /** Production files that the diagnosis allows to touch. */
  readonly allowedFiles: readonly string[];
  /** Files that hold tests, beside those known by their name. */
  readonly testFiles: readonly string[];
  /** Paths that are symbolic links at the base. */
  readonly symlinks?: readonly string[];
}

export interface IntegrityResult {
  valid: boolean;
  violations: IntegrityViolation[];
}

/**
 * Whether a patch mends code without bending the proof: decided from the syntax trees before and after, never from what the patch says
 * of itself. Everything is denied that is not production code of the diagnosis, a test that is added, or documentation.
 */
export function checkIntegrity(input: IntegrityInput): IntegrityResult {
  const paths = [...new Set(input.edits.map((edit) => edit.file))].sort();
  const byPath = paths.flatMap((path) => (isManifest(path) ? [] : pathViolations(path, { ...input, symlinks: input.symlinks ?? [] })));
  const violations = [...byPath, ...binaryEdits(input.edits), ...contentViolations(input)];
  return { valid: violations.length === 0, violations };
}

function contentViolations(input: IntegrityInput): IntegrityViolation[] {
  const { sources, edits } = input;
  let after: Files;
  try {
    after = applyEdits(sources, edits);
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    const file = String(error.where.file ?? '');
    return [{ rule: 'forbidden-path', file, detail: `the edits do not fit the base: ${error.detail}` }];
  }
  const changed = changedPaths(sources, after);
  return [
    ...changed.flatMap((path) => fileViolations(path, after[path] ?? '', input)),
    ...answeredTests(changed, after, input),
    ...sizeViolations(changed, after, input),
  ];
}

function fileViolations(path: string, after: string, { sources, testFiles }: IntegrityInput): IntegrityViolation[] {
  const before = Object.hasOwn(sources, path) ? sources[path] : undefined;
  if (isManifest(path)) return [manifestViolation(path, before, after)];
  const kind = pathKind(path, testFiles);
  if (kind === 'documentation') return [];
  const tests = kind === 'test' ? (before === undefined ? skippedInNewTests(path, after) : weakenedTests(path, before, after)) : [];
  const recorded = before === undefined && path.endsWith('.snap') ? [recordedExpectation(path)] : [];
  return [...tests, ...recorded, ...forgeries(path, kind, before, after), ...newDependencies(path, after, sources)];
}

/** Production code against the tests that come with it. */
function answeredTests(changed: readonly string[], after: Files, { sources, testFiles, edits }: IntegrityInput): IntegrityViolation[] {
  const added = edits.filter(({ file }) => pathKind(file, testFiles) === 'test' && isCode(file)).map(({ replace }) => replace);
  return changed
    .filter((path) => pathKind(path, testFiles) === 'production')
    .flatMap((path) => specialCases(path, sources[path], after[path] ?? '', added));
}

function sizeViolations(changed: readonly string[], after: Files, { sources, testFiles, policy }: IntegrityInput): IntegrityViolation[] {
  const production = changed.filter((path) => pathKind(path, testFiles) === 'production');
  const lines = production.map((path) => changedLines(sources[path] ?? '', after[path] ?? '')).reduce((sum, count) => sum + count, 0);
  if (lines <= policy.maxChangedLines) return [];
  const detail = `${lines} production lines changed, the policy allows ${policy.maxChangedLines}`;
  return [{ rule: 'too-large', file: production[0] ?? '', detail }];
}

function changedLines(before: string, after: string): number {
  const parts = diffLines(before, after);
  return parts.filter((part) => part.added || part.removed).reduce((sum, part) => sum + part.count, 0);
}

function binaryEdits(edits: readonly Edit[]): IntegrityViolation[] {
  return (
    edits
      // Direction marks and zero-width characters make code read other than it runs ("Trojan Source", CVE-2021-42574).
      .filter((edit) => hasHidden(edit.replace) && !hasHidden(edit.search))
      .map((edit) => ({ rule: 'binary', file: edit.file, detail: 'holds control, direction or zero-width characters' }))
  );
}

function hasHidden(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/.test(text);
}

function recordedExpectation(path: string): IntegrityViolation {
  return { rule: 'assertion-loosened', file: path, detail: 'a recorded expectation proves only what the code does' };
}

function isManifest(path: string): boolean {
  return /(^|\/)package\.json$/.test(path);
}
