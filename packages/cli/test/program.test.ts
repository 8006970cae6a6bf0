import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrdersRepository, type OrdersRepository } from '@selfheal/testkit';
import { createSelfHealing } from 'selfheal';
import { beforeAll, describe, expect, it } from 'vitest';
import { colourDiff, duration, styleOf } from '../src/output/style.ts';
import { createProgram } from '../src/program.ts';
import { run } from './in-process.ts';

const SEQUENCES = join(import.meta.dirname, '../../../json-sequences');
const SEVEN = [
  'telemetry.parse',
  'anomaly.detect',
  'diagnosis.analyze',
  'fix.generate',
  'validation.run',
  'deployment.deploy',
  'learning.track',
];

let repository: OrdersRepository;
beforeAll(async () => {
  repository = await makeOrdersRepository();
});

describe('help', () => {
  it('lists every command of the design with a line about it', () => {
    const program = createProgram({
      signal: new AbortController().signal,
      env: {},
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
    });
    const help = program.helpInformation();
    const names = [
      'init',
      'doctor',
      'heal',
      'up',
      'sweep',
      'incidents',
      'anomalies',
      'show',
      'slo',
      'baseline',
      'telemetry',
      'review',
      'approve',
      'reject',
      'revert',
      'sequence',
      'learn',
    ];
    for (const name of names) expect(help).toMatch(new RegExp(`^  ${name}\\b.* {2,}\\S`, 'm'));
    const sequence = program.commands.find((command) => command.name() === 'sequence');
    expect(sequence?.commands.map((command) => command.name())).toEqual([
      'validate',
      'run',
      'compile',
      'propose',
      'test',
      'remediation',
      'capabilities',
      'list',
    ]);
  });
});

describe('init', () => {
  it('writes what it found, and refuses to overwrite until told', async () => {
    const { root } = await makeOrdersRepository();
    const file = join(root, 'selfheal.config.json');
    const first = await run(['init', '--repo', root]);
    expect([first.error, first.exitCode]).toEqual([undefined, 0]);
    const written = await readFile(file, 'utf8');
    expect(JSON.parse(written)).toBeTypeOf('object');

    await writeFile(file, '{ "budgets": { "mine": 5 } }\n');
    const second = await run(['init', '--repo', root]);
    expect(second.error).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining(file) });
    expect(await readFile(file, 'utf8')).toContain('mine');

    expect((await run(['init', '--repo', root, '--force'])).exitCode).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(written);
  });

  it('writes a configuration that is read again', async () => {
    const { root } = await makeOrdersRepository();
    await run(['init', '--repo', root]);
    expect((await run(['incidents', '--repo', root])).error).toBeUndefined();
  });
});

describe('commands that read the store', () => {
  it('says that there is no incident so far', async () => {
    expect(await run(['incidents', '--repo', repository.root])).toMatchObject({ exitCode: 0, stdout: 'No incident so far.\n' });
  });

  it.each([
    ['incidents', ['incidents', '--all']],
    ['learn report', ['learn', 'report']],
    ['doctor', ['doctor']],
  ])('%s --json - prints JSON and nothing else on standard output', async (_name, args) => {
    const { stdout, error } = await run([...args, '--repo', repository.root, '--json', '-']);
    expect(error).toBeUndefined();
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  it('writes the result to a file, whole, in a folder that it makes', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'selfheal-json-')), 'a/b');
    await run(['incidents', '--repo', repository.root, '--json', join(folder, 'out.json')]);
    expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))).toEqual([]);
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  it('reports of learning before anything was learned', async () => {
    const { stdout, exitCode } = await run(['learn', 'report', '--repo', repository.root]);
    expect(exitCode).toBe(0);
    expect(stdout.trim()).not.toBe('');
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each(['show', 'review', 'approve'])('%s of an unknown incident names the id and where to look', async (name) => {
    const { error } = await run([name, 'inc-nowhere', '--repo', repository.root]);
    expect(error).toMatchObject({ code: 'RECORD_MISSING', message: expect.stringMatching(/inc-nowhere.*selfheal incidents/s) });
  });

  it('undoes a change of what was learned once, and says which is not there', async () => {
    const healing = await createSelfHealing({ repo: repository.root });
    const change = {
      id: 'mc-1',
      projectId: healing.project.id,
      modelId: 'm',
      kind: 'threshold',
      key: 'errors|a.js',
      why: 'noise',
    } as const;
    await healing.records.put('model', { ...change, id: 'm', value: { factor: 1.5 }, updatedAt: 1 });
    await healing.records.put('modelChange', { ...change, after: { factor: 1.5 }, undone: false, createdAt: 1 });
    await healing.stop();
    const undo = (id: string) => run(['learn', 'undo', id, '--why', 'it was a fault', '--repo', repository.root]);
    expect((await run(['learn', 'report', '--repo', repository.root])).stdout).toContain('mc-1');
    expect(await undo('mc-1')).toMatchObject({ exitCode: 0, stdout: 'undone mc-1: threshold errors|a.js is {} again\n' });
    expect((await undo('mc-1')).error).toMatchObject({ code: 'INPUT_INVALID' });
    expect((await undo('mc-2')).error).toMatchObject({
      code: 'RECORD_MISSING',
      message: expect.stringMatching(/mc-2.*selfheal learn report/s),
    });
  });

  it('keeps its state out of git and out of tracked files', async () => {
    expect(await repository.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  it('keeps its state where --data says', async () => {
    const { root } = await makeOrdersRepository();
    const data = await mkdtemp(join(tmpdir(), 'selfheal-data-'));
    await run(['incidents', '--repo', root, '--data', data]);
    expect(await readdir(data)).toContain('selfheal.db');
    expect(await readdir(root)).not.toContain('.selfheal');
  });
});

describe('sequence', () => {
  it('lists the seven', async () => {
    const { stdout } = await run(['sequence', 'list', '--repo', repository.root]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(SEVEN);
  });

  it('finds the built-in documents valid and counts their beats', async () => {
    const { stdout, exitCode } = await run(['sequence', 'validate', ...SEVEN.map((id) => join(SEQUENCES, `${id}.json`))]);
    expect([exitCode, stdout]).toEqual([0, stdout]);
    for (const id of SEVEN) expect(stdout).toMatch(new RegExp(`"${id.replace('.', '\\.')}", [1-9]\\d* beats`));
  });

  it('checks a whole folder', async () => {
    const { stdout, exitCode } = await run(['sequence', 'validate', SEQUENCES]);
    expect([exitCode, stdout]).toEqual([0, stdout]);
    expect(stdout).toContain('"telemetry.parse"');
  });

  it('names the format of each foreign example', async () => {
    const folder = join(SEQUENCES, 'examples');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const { stdout } = await run(['sequence', 'validate', ...files.map((name) => join(folder, name))]);
    for (const name of files) expect(stdout).toMatch(new RegExp(`${name}: (valid|\\d+ errors?) \\(`));
  });
});

describe('output', () => {
  it('speaks of durations in the unit that fits', () => {
    expect([0.4, 820, 1_234, 59_940, 185_000].map(duration)).toEqual(['0 ms', '820 ms', '1.2 s', '59.9 s', '3 min 5 s']);
  });

  it('never says 60 seconds within a minute', () => {
    expect([59_960, 119_700].map(duration)).toEqual(['1 min 0 s', '2 min 0 s']);
  });

  it('colours only a terminal, and never where NO_COLOR is set', () => {
    const terminal = (isTTY: boolean, env: NodeJS.ProcessEnv) => {
      const stdout = Object.assign(Object.create(process.stdout) as typeof process.stdout, { isTTY });
      return { signal: new AbortController().signal, env, stdin: process.stdin, stdout, stderr: process.stderr };
    };
    expect(styleOf(terminal(false, {})).red('x')).toBe('x');
    expect(styleOf(terminal(true, { NO_COLOR: '1' })).red('x')).toBe('x');
    const style = styleOf(terminal(true, {}));
    expect(style.red('x')).not.toBe('x');
    const diff = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -1 +1 @@', '-old', '+new', ' same'];
    const coloured = colourDiff(diff.join('\n'), style).split('\n');
    expect(coloured[4]).toBe(style.red('-old'));
    expect(coloured[5]).toBe(style.green('+new'));
    expect(coloured[1]).toBe(style.bold('--- a/x'));
    expect(coloured[6]).toBe(' same');
  });
});
