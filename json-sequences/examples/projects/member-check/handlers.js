import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleaned, faultsOf } from './members.js';

/** All batches, or those named in `only`. */
async function listBatches({ only }, { project }) {
  const folder = join(project.root, 'data');
  const names = (await readdir(folder)).sort();
  const batches = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
  return { batches: batches.filter(({ name }) => only === undefined || only.includes(name)) };
}

/** Accepts a batch whose records are all good. Fails telling what is wrong. */
function checkMembers({ name, version, records }) {
  if (version < 2) throw new Error(`batch ${name} is of format ${version}, which is no longer supported`);
  const clash = records.find((record, index) => records.findIndex(({ id }) => id === record.id) !== index);
  if (clash !== undefined) throw new Error(`batch ${name} has conflicting records for member ${clash.id}`);
  const bad = records.flatMap((record) => faultsOf(record).map((fault) => `member ${record.id}: ${fault}`));
  if (bad.length > 0) throw new Error(`batch ${name} has invalid records: ${bad.join('; ')}`);
  return { accepted: records.length };
}

function reportMembers({ results }) {
  return { accepted: results.reduce((sum, { accepted }) => sum + accepted, 0) };
}

/** Decision handler: cleans what can be cleaned and drops what cannot; a batch with nothing left goes to a person. */
function cleanMembers({ input }) {
  const records = input.records.map(cleaned).filter((record) => faultsOf(record).length === 0);
  if (records.length === 0) return { kind: 'escalate', why: `no record of batch ${input.name} can be cleaned` };
  return { kind: 'retry', input: { ...input, records } };
}

export default {
  name: 'member-check',
  handlers: { listBatches, checkMembers, reportMembers },
  pureHandlers: ['checkMembers', 'reportMembers'],
  decisionHandlers: { cleanMembers },
};
