import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Diagnostic, SequencePlan } from '../interpreter/plan.ts';
import { nearestName } from '../nearest.ts';
import { decodeText } from './decode-text.ts';
import { Findings, inOrder } from './findings.ts';
import type { ReadOptions } from './options.ts';
import { type ReadResult, readSequence } from './read-sequence.ts';
import { sourceText } from './source-text.ts';

export type FileOptions = Omit<ReadOptions, 'file'>;

export interface FileResult extends ReadResult {
  /** The text as read, for showing findings in it; absent where the file cannot be read. */
  readonly text?: string;
}

/** Reads one file; UTF-16 and byte order marks are taken. A file that cannot be read is a finding. */
export async function readSequenceFile(path: string, options: FileOptions = {}): Promise<FileResult> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const message = `the file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return unreadable(path, 'FILE_UNREADABLE', message);
  }
  const text = decodeText(bytes);
  if (text === undefined) return unreadable(path, 'ENCODING', 'the file is not text in UTF-8 or UTF-16');
  return { ...readSequence(text, { ...options, file: path }), text };
}

export interface FolderResult {
  readonly plans: readonly SequencePlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** JSON files that are no sequences. */
  readonly skipped: readonly string[];
  /** The text of each file with findings, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads the sequences of a folder: those that its `index.json` lists, else every JSON file in it and in its subfolders
 * (which may have an index of their own). JSON that is no sequence is skipped.
 */
export async function readSequenceFolder(folder: string, options: FileOptions = {}): Promise<FolderResult> {
  const found: Found = { plans: [], diagnostics: [], skipped: [], texts: new Map() };
  await readFolder(folder, options, found);
  reportDoubles(found);
  return { ...found, diagnostics: inOrder(found.diagnostics) };
}

interface Found {
  readonly plans: SequencePlan[];
  readonly diagnostics: Diagnostic[];
  readonly skipped: string[];
  readonly texts: Map<string, string>;
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage']);

async function readFolder(folder: string, options: FileOptions, found: Found): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => undefined))?.toSorted((left, right) =>
    left.name < right.name ? -1 : 1,
  );
  if (!entries) {
    found.diagnostics.push(...unreadable(folder, 'FILE_UNREADABLE', 'the folder cannot be read').diagnostics);
    return;
  }
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map(({ name }) => name);
  if (files.includes('index.json') && (await followIndex(join(folder, 'index.json'), files, options, found))) return;
  for (const name of files) await take(join(folder, name), options, found);
  for (const entry of entries) {
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name) && !entry.name.startsWith('.'))
      await readFolder(join(folder, entry.name), options, found);
  }
}

/** False where the file is no index after all. */
async function followIndex(path: string, siblings: readonly string[], options: FileOptions, found: Found): Promise<boolean> {
  const { index, diagnostics, text = '' } = await readSequenceFile(path, options);
  if (!index) return false;
  found.diagnostics.push(...diagnostics);
  found.texts.set(path, text);
  const findings = new Findings(sourceText(path, text));
  const folder = dirname(path);
  for (const entry of index) {
    const file = resolve(folder, entry.file);
    if (!isInside(file, folder) || !(await staysInside(file, folder))) {
      findings.add('error', 'FILE_UNREADABLE', entry.at, `"${entry.file}" is outside the folder of this index`);
      continue;
    }
    const plan = await take(join(folder, entry.file), options, found);
    if (plan === 'missing')
      findings.add('error', 'FILE_UNREADABLE', entry.at, `there is no file "${entry.file}"`, {
        nearest: nearestName(basename(entry.file), siblings),
      });
    else if (plan && entry.id !== undefined && plan.id !== entry.id) {
      findings.add(
        'info',
        'ASSUMED',
        entry.at,
        `the index calls this sequence "${entry.id}", its document "${plan.id}"; the document's id counts`,
      );
    }
  }
  found.diagnostics.push(...findings.all);
  return true;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path);
}

/** A link inside the folder may lead out of it. */
async function staysInside(path: string, folder: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  return real === undefined || isInside(real, await realpath(folder));
}

async function take(path: string, options: FileOptions, found: Found): Promise<SequencePlan | 'missing' | undefined> {
  const result = await readSequenceFile(path, options);
  if (result.diagnostics.some(({ code }) => code === 'FILE_UNREADABLE') && result.text === undefined) return 'missing';
  const isOther = result.format === 'index' || result.diagnostics.some(({ code }) => code === 'NOT_A_SEQUENCE');
  if (isOther) {
    found.skipped.push(path);
    return undefined;
  }
  found.diagnostics.push(...result.diagnostics);
  if (result.text !== undefined && result.diagnostics.length > 0) found.texts.set(path, result.text);
  if (result.plan) found.plans.push(result.plan);
  return result.plan;
}

function reportDoubles(found: Found): void {
  const first = new Map<string, string>();
  for (const plan of found.plans) {
    const earlier = first.get(plan.id);
    if (earlier === undefined) first.set(plan.id, plan.source);
    else {
      const findings = new Findings(sourceText(plan.source, ''));
      findings.add('error', 'ID_TWICE', { offset: 0, path: 'id' }, `the sequence "${plan.id}" is in ${earlier} as well`);
      found.diagnostics.push(...findings.all);
    }
  }
}

function unreadable(file: string, code: 'FILE_UNREADABLE' | 'ENCODING', message: string): ReadResult {
  const findings = new Findings(sourceText(file, ''));
  findings.add('error', code, { offset: 0, path: '' }, message);
  return { format: 'not-a-sequence', diagnostics: findings.all };
}
