/**
 * Loaded into the target's test runner, therefore plain JavaScript. Writes finished tests, one signed line each, to the report file.
 * The file's name and the key come through standard input, which is empty before the first test is loaded, so neither can be guessed
 * or inherited by test code; each line's signature covers the one before it, so that no line can be added, changed or dropped unseen.
 * Everything used later is taken now, before foreign code can replace it.
 */
import { createHmac } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { relative } from 'node:path';

const { stringify } = JSON;
const { apply } = Reflect;
const write = writeSync;
const hmac = createHmac;
const { update, digest } = Object.getPrototypeOf(createHmac('sha256', 'x'));
const MESSAGE_LENGTH = 4_000;
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const { file: reportFile, key, root } = JSON.parse(readFileSync(0, 'utf8'));
const report = openSync(reportFile, 'a');
let previous = '';
let count = 0;
let taken = false;

/** What the reporter writes with. It is handed out once, before any test is loaded: test code may import this module too. */
export function takeReport() {
  if (taken) throw new Error('the report is written by its reporter alone');
  taken = true;
  return { reportTest, reportEnd };
}

/**
 * @param {{ file: string, path: string[], status: 'passed' | 'failed' | 'skipped', ms?: number, error?: { message: string, stack?: string } }} test
 *   `file` absolute; `path` the titles from the outermost suite to the test, empty where the file as a whole is meant.
 */
function reportTest({ file, path, status, ms, error }) {
  count += 1;
  const told = error && { message: clean(error.message), stack: clean(error.stack ?? '') };
  writeLine({ kind: 'test', file: file === '' ? '' : relative(root, file), path, status, ms, error: told });
}

/** The runner finished by itself. */
function reportEnd() {
  writeLine({ kind: 'end', count });
}

/** Message and stack of whatever was thrown. */
export function describeError(error) {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const message = typeof error.message === 'string' ? error.message : String(error);
  return typeof error.stack === 'string' ? { message, stack: error.stack } : { message };
}

function writeLine(value) {
  const text = stringify(value);
  const mac = apply(update, hmac('sha256', key), [previous + text]);
  previous = apply(digest, mac, ['hex']);
  write(report, `${previous} ${text}\n`);
}

/** Colours are for terminals; lengths are bounded so that one assertion on a large value does not fill the report. */
function clean(text) {
  return String(text).replace(COLOUR, '').slice(0, MESSAGE_LENGTH);
}
