/**
 * Runs test files of node-tap: each is a program of its own that prints TAP. Argument: JSON `{ node: string[], files: string[], jobs: number }`,
 * Node's options, the files relative to the working folder, and how many run at a time.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describeError, takeReport } from './signed-report.mjs';

const { reportTest, reportEnd } = takeReport();

import { readPoints } from './tap-points.mjs';

const { node, files, jobs } = JSON.parse(process.argv[2]);
const waiting = [...files];
let failed = false;

await Promise.all(Array.from({ length: jobs }, runNext));
reportEnd();
process.exitCode = failed ? 1 : 0;

async function runNext() {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) reportFile(resolve(file), await run(file));
}

function run(file) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [...node, file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TAP: '1' } });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => done({ text: '', code: 1, error }));
    child.on('close', (code, signal) => done({ text: Buffer.concat(chunks).toString('utf8'), code: code ?? 1, signal }));
  });
}

function reportFile(file, { text, code, signal, error }) {
  process.stdout.write(text);
  const { points, planned, bailed } = readPoints(text);
  reportPoints(file, points, []);
  const broken = error ? describeError(error).message : (bailed ?? whyBroken(points, planned, code, signal));
  if (broken !== undefined) reportTest({ file, path: [], status: 'failed', error: { message: broken } });
  failed ||= broken !== undefined || points.some((point) => !passes(point));
}

/** A program that ended before it printed its plan did not run all its tests, whatever its exit code. */
function whyBroken(points, planned, code, signal) {
  if (planned === undefined) return `ended with ${signal ?? `exit code ${code}`} before it told how many tests it has`;
  if (planned !== points.length) return `${planned} tests were planned, ${points.length} ran`;
  return code !== 0 && points.every(passes) ? `ended with exit code ${code}` : undefined;
}

/** Tests are the innermost subtests, and assertions that stand outside of any. */
function reportPoints(file, points, suites) {
  for (const point of points) {
    const path = [...suites, point.name];
    const isSuite = point.points?.some(({ points }) => points !== undefined) ?? false;
    // A test that is skipped is a point without content, like an assertion.
    const inner = point.points?.filter(({ points, skipped }) => points !== undefined || skipped) ?? [];
    if (!isSuite) {
      reportTest({ file, path, status: statusOf(point), ms: point.ms, error: passes(point) ? undefined : errorOf(point) });
      continue;
    }
    reportPoints(file, inner, path);
    // A suite fails with its tests, which are reported themselves; it counts only where it failed on its own.
    if (!passes(point) && inner.every(passes)) reportTest({ file, path, status: 'failed', error: errorOf(point) });
  }
}

function passes({ ok, skipped }) {
  return ok || skipped;
}

function statusOf(point) {
  if (point.skipped) return 'skipped';
  return point.ok ? 'passed' : 'failed';
}

/** The assertion that failed says more than the test around it. */
function errorOf(point) {
  const cause = point.points?.find((one) => !passes(one)) ?? point;
  const block = (key) => {
    const start = cause.yaml.findIndex((line) => line.startsWith(`${key}:`));
    if (start < 0) return '';
    const end = cause.yaml.findIndex((line, at) => at > start && /^\S/.test(line));
    return cause.yaml
      .slice(start + 1, end < 0 ? undefined : end)
      .map((line) => line.replace(/^ {2}/, ''))
      .join('\n');
  };
  const message = [cause.name || point.name, block('diff')].filter((part) => part !== '').join('\n');
  return { message, stack: [cause.name || point.name, block('stack').replaceAll(/^(?=\S)/gm, '    at ')].join('\n') };
}
