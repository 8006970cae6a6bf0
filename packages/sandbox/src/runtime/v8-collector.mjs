/**
 * Collects precise V8 coverage inside a process of the target and writes it together with the very source text that ran and its
 * source map: what a transpiler made of a file can be mapped back without knowing the transpiler.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const root = process.env.SELFHEAL_COVERAGE_ROOT ?? '';
const folder = process.env.SELFHEAL_COVERAGE_FOLDER ?? '';

// A runner may load this module anew for each call; the session is one for the process.
const KEPT = Symbol.for('selfheal.coverage.session');

export function startCollecting() {
  if (globalThis[KEPT] !== undefined || folder === '') return;
  const session = new Session();
  globalThis[KEPT] = session;
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

/** Writes what ran since the last call. The inspector answers in the same turn, so this also works while the process exits. */
export function writeCoverage() {
  const session = globalThis[KEPT];
  if (session === undefined) return;
  const maps = new Map();
  session.on('Debugger.scriptParsed', ({ params }) => maps.set(params.scriptId, params.sourceMapURL ?? ''));
  session.post('Debugger.enable');
  const results = [];
  session.post('Profiler.takePreciseCoverage', (_error, answer) => {
    for (const { scriptId, url, functions } of answer?.result ?? []) {
      if (isOurs(url))
        results.push({ scriptId, url, functions, sourceMapURL: maps.get(scriptId) ?? '', source: sourceOf(session, scriptId) });
    }
  });
  session.post('Debugger.disable');
  session.removeAllListeners('Debugger.scriptParsed');
  if (results.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}-${randomBytes(6).toString('hex')}.json`), JSON.stringify(results));
}

function sourceOf(session, scriptId) {
  let source = '';
  session.post('Debugger.getScriptSource', { scriptId }, (_error, answer) => {
    source = answer?.scriptSource ?? '';
  });
  return source;
}

function isOurs(url) {
  const path = url.startsWith('file://') ? decodeURIComponent(url.slice('file://'.length)) : url;
  return path.startsWith(`${root}/`) && !path.includes('/node_modules/');
}
