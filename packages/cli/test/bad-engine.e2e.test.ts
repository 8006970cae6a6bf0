import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeOrdersRepository, type OrdersRepository } from '@selfheal/testkit';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_FILE, type Ran, selfheal } from './rig.ts';

/** What stands against the engine or the store, and sequences of other tools; the sequences share one running `selfheal up`. */

const EXAMPLES = join(import.meta.dirname, '../../../json-sequences/examples');
const STACK_LINE = /^\s+at .+:\d+:\d+\)?$/m;

/** Handlers that the foreign documents name; each answers with what it was asked. */
const PLUGIN = `const answer = (fields) => (input) => ({ ...fields, asked: input });
export default {
  name: 'desk',
  handlers: {
    readBarcode: ({ code }) => ({ parcel: Number(code) + 1 }),
    'postal.address#checkAddress': answer({ checked: true }),
    layOutLabel: ({ parcel, size }) => ({ label: parcel + ' on ' + size }),
    sendToPrinter: ({ label }) => ({ printed: label }),
    notify: answer({ told: true }),
    pay_out: ({ account, amount }) => ({ paid: amount + ' to ' + account }),
    count_items: answer({ counted: 3 }),
    weigh_shelf: answer({ grams: 900 }),
    create_record: ({ data }) => ({ ordered: data.sku }),
    createSpace: ({ region }) => ({ url: 'https://acme.' + region + '.example' }),
    assignManager: () => ({ manager: 'm-7' }),
    enableSelfService: () => ({ selfService: true }),
    sendWelcome: ({ text }) => ({ welcomed: true, text }),
  },
};
`;

function expectRefused(ran: Ran, code: string, ...words: string[]): void {
  expect([ran.exitCode, ran.stdout]).toEqual([1, '']);
  for (const word of [...words, `[${code}]`]) expect(ran.stderr).toContain(word);
  expect(ran.stderr).not.toMatch(STACK_LINE);
}

describe('beside a running engine', () => {
  let repository: OrdersRepository;
  let up: ChildProcess;
  let said = '';
  beforeAll(async () => {
    const config = `${JSON.stringify({ plugins: ['./desk.mjs'] })}\n`;
    repository = await makeOrdersRepository({ change: { 'desk.mjs': PLUGIN, 'selfheal.config.json': config } });
    up = spawn(process.execPath, [COMMAND_FILE, 'up', '--repo', repository.root], { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      up.stderr?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('selfheal watches')) resolve();
      });
      up.once('exit', () => reject(new Error(said)));
    });
  });
  afterAll(async () => {
    up.kill('SIGTERM');
    const [code] = up.exitCode === null ? await once(up, 'exit') : [up.exitCode];
    expect([code, said]).toEqual([0, said]);
    expect((await execa('ps', ['-eo', 'args'])).stdout).not.toContain(repository.root);
  });

  const run = (file: string, input: object) =>
    selfheal(['sequence', 'run', file, '--repo', repository.root, '--input', JSON.stringify(input)]);
  const example = async (name: string, input: object): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await run(join(EXAMPLES, name), input);
    expect([exitCode, stderr]).toEqual([0, stderr]);
    return JSON.parse(stdout);
  };

  it('a second `up` on the same data is refused, and the first goes on', async () => {
    expectRefused(await selfheal(['up', '--repo', repository.root]), 'ENGINE_RUNNING', String(up.pid), '--data');
    expect(up.exitCode).toBeNull();
    expect((await selfheal(['incidents', '--repo', repository.root])).exitCode).toBe(0);
  });

  it('runs a sequence document of another tool', async () => {
    expect(await example('conductor-parcel-label.json', { code: '4711' })).toMatchObject({
      status: 'completed',
      failures: [],
      output: { parcel: 4712, printed: '4712 on A6' },
    });
  });

  it('runs workflow JSON, nested and flat', async () => {
    const refund = { refund: { id: 'r1', amount: 20, account: 'DE1' }, customer: { blocked: false } };
    expect(await example('workflow-refund-review.json', refund)).toMatchObject({
      status: 'completed',
      outputs: { pay: { paid: '20 to DE1' } },
    });
    const shelf = { id: 's', tags: ['closed'], products: [{ sku: 'a', left: 1, minimum: 5 }] };
    expect(await example('workflow-shelf-check.json', { shelf })).toMatchObject({ status: 'stopped', reason: 'the shelf is closed' });
  });

  it('runs the JSON of a builder, and it gives what it says it gives', async () => {
    const { sampleInput, expectedOutput } = JSON.parse(await readFile(join(EXAMPLES, 'builder-onboarding.json'), 'utf8'));
    expect(await example('builder-onboarding.json', sampleInput)).toMatchObject({ status: 'completed', output: expectedOutput });
  });

  it('takes the sequences that a document calls from the folder that it lies in', async () => {
    const folder = join(repository.root, '.selfheal/documents');
    await mkdir(folder, { recursive: true });
    const parcel = await readFile(join(EXAMPLES, 'conductor-parcel-label.json'), 'utf8');
    const caller = (id: string, sequence: string) =>
      JSON.stringify(
        { $schema: 'sequence.schema.json', id, name: id, movements: [{ id: 'one', name: 'One', beats: [{ id: 'call', sequence }] }] },
        null,
        2,
      );
    await writeFile(join(folder, 'parcel.json'), parcel);
    await writeFile(join(folder, 'middle.json'), caller('middle', 'parcel-desk-print-label-symphony'));
    await writeFile(join(folder, 'top.json'), caller('top', 'middle'));
    await writeFile(join(folder, 'ping.json'), caller('ping', 'pong'));
    await writeFile(join(folder, 'pong.json'), caller('pong', 'ping'));
    await writeFile(join(folder, 'lost.json'), caller('lost', 'midle'));

    const { exitCode, stdout, stderr } = await run(join(folder, 'top.json'), { code: '1' });
    expect([exitCode, stderr]).toEqual([0, stderr]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', output: { printed: '2 on A6' } });

    expectRefused(await run(join(folder, 'ping.json'), {}), 'SEQUENCE_INVALID', 'SEQUENCE_CYCLE', 'ping → pong → ping');
    expectRefused(await run(join(folder, 'lost.json'), {}), 'SEQUENCE_INVALID', 'lost.json:', '"midle" is not known');
  });

  it('an unknown handler is named with its place; the handlers of plugins are known where the repository is given', async () => {
    const file = join(repository.root, '.selfheal/typo.json');
    const beat = { event: 'a.b', handler: 'readBarcod', kind: 'pure', timing: 'immediate' };
    await writeFile(file, JSON.stringify({ id: 'typo', name: 't', movements: [{ id: 'm', name: 'M', beats: [beat] }] }, null, 2));
    expectRefused(await run(file, {}), 'SEQUENCE_INVALID', 'typo.json:', 'HANDLER_UNKNOWN', 'did you mean "readBarcode"');
    const parcel = join(EXAMPLES, 'conductor-parcel-label.json');
    expect((await selfheal(['sequence', 'validate', parcel, '--repo', repository.root])).exitCode).toBe(0);
    const alone = await selfheal(['sequence', 'validate', parcel]);
    expect([alone.exitCode, alone.stdout]).toEqual([1, expect.stringMatching(/conductor-parcel-label\.json:\d+:\d+ error.*readBarcode/)]);
  });
});

// At once: the last one waits half a minute for a writer.
describe.concurrent('without what the engine needs', () => {
  it('a Temporal that does not answer: told in bounded time, and nothing keeps running', async () => {
    const { root } = await makeOrdersRepository();
    const ran = await selfheal(['up', '--repo', root], {
      env: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
      signal: AbortSignal.timeout(90_000),
    });
    expectRefused(ran, 'ENGINE_UNREACHABLE', '127.0.0.1:1', 'Check TEMPORAL_ADDRESS');
    expect((await execa('ps', ['-eo', 'args'])).stdout).not.toContain(root);
  });

  it('a damaged store is left as it is; without it the command works again', async () => {
    const { root } = await makeOrdersRepository();
    const file = join(root, '.selfheal/selfheal.db');
    await mkdir(join(root, '.selfheal'));
    await writeFile(file, 'not a database '.repeat(2_000));
    expectRefused(await selfheal(['heal', '--repo', root, '--logs', 'x.log']), 'STORE_CORRUPT', file, 'Restore a backup');
    expect(await readFile(file, 'utf8')).toMatch(/^not a database/);
    const other = await selfheal(['incidents', '--repo', root, '--data', join(root, '.selfheal/other')]);
    expect([other.exitCode, other.stdout]).toEqual([0, 'No incident so far.']);
  });

  it('a store that another writer holds: told after the wait, and open again once that writer is done', async () => {
    const { root } = await makeOrdersRepository();
    const incidents = () => selfheal(['incidents', '--repo', root]);
    expect((await incidents()).exitCode).toBe(0);
    const writer = new DatabaseSync(join(root, '.selfheal/selfheal.db'));
    writer.exec('BEGIN EXCLUSIVE');
    expectRefused(await incidents(), 'STORE_LOCKED', 'selfheal.db', 'Wait for the writer');
    writer.exec('ROLLBACK');
    writer.close();
    expect((await incidents()).exitCode).toBe(0);
  });
});
