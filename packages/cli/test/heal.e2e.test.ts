import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrdersRepository, type OrdersRepository, ordersLog } from '@selfheal/testkit';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { heal, selfheal } from './rig.ts';

async function logFile(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'selfheal-logs-')), 'app.ndjson');
  await writeFile(path, text);
  return path;
}

const faulty = (repository: OrdersRepository) => logFile(ordersLog({ stack: repository.stack, healthy: 60, failing: 12 }));

/** What a heal must not touch: branches, commits, the working tree. */
async function stateOf({ git }: OrdersRepository): Promise<string> {
  return [await git('for-each-ref'), await git('rev-parse', 'HEAD'), await git('status', '--porcelain')].join('\n');
}

describe('selfheal heal on a repository that is not ours in shape', () => {
  it('merges a proved fix of an unknown null access; the tests of the repository stay green', async () => {
    const repository = await makeOrdersRepository();
    const { exitCode, report, stderr } = await heal(repository.root, [await faulty(repository)]);
    expect([exitCode, stderr]).toEqual([0, stderr]);
    const [incident] = report?.incidents ?? [];
    expect(incident).toMatchObject({
      type: 'error',
      status: 'merged',
      diagnosis: { category: 'null-access', file: 'lib/label.js', line: 12, function: 'shippingLabel' },
    });
    expect(incident?.validation).toMatchObject({
      passed: true,
      proof: { class: 'error', baseFails: true, headPasses: true, plantedFailureSeen: true },
    });
    expect(incident?.patch?.files.filter((file) => !/test|CHANGELOG/i.test(file))).toEqual(['lib/label.js']);
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Selfheal-Incident,valueonly)', 'main^2')).toContain(incident?.id);
    const tests = await execa('npm', ['test'], { cwd: repository.root, reject: false });
    expect([tests.exitCode, tests.stdout]).toEqual([0, tests.stdout]);
    const guest = `console.log(require('./lib/label').shippingLabel({ items: [], customer: { name: 'Guest' } }))`;
    expect((await execa(process.execPath, ['-e', guest], { cwd: repository.root, reject: false })).exitCode).toBe(0);
  });

  it('changes nothing and exits 2 when the telemetry is healthy', async () => {
    const repository = await makeOrdersRepository();
    const before = await stateOf(repository);
    const { exitCode, report } = await heal(repository.root, [await logFile(ordersLog({ stack: '', healthy: 200, failing: 0 }))]);
    expect(exitCode).toBe(2);
    expect(report?.incidents).toEqual([]);
    expect(await stateOf(repository)).toBe(before);
  });

  it('keeps the fix on its branch and exits 3 where the tree is dirty', async () => {
    const repository = await makeOrdersRepository();
    await writeFile(
      join(repository.root, 'lib/price.js'),
      `${await readFile(join(repository.root, 'lib/price.js'), 'utf8')}// under work\n`,
    );
    const head = await repository.git('rev-parse', 'main');
    const { exitCode, report } = await heal(repository.root, [await faulty(repository)]);
    expect(exitCode).toBe(3);
    expect(report?.incidents[0]?.deployment?.reason).toMatch(/lib\/price\.js|uncommitted|dirty/);
    expect(await repository.git('rev-parse', 'main')).toBe(head);
    expect(await repository.git('branch', '--list', 'selfheal/*')).not.toBe('');
    expect(await readFile(join(repository.root, 'lib/price.js'), 'utf8')).toContain('// under work');
  });

  it('waits for review over the end of its process, and approve ships the same patch', async () => {
    const repository = await makeOrdersRepository();
    const { exitCode, report } = await heal(repository.root, [await faulty(repository)], ['--approve', 'review']);
    expect(exitCode).toBe(3);
    const id = report?.incidents[0]?.id ?? '';
    const review = await selfheal(['review', id, '--repo', repository.root]);
    expect(review.stdout).toContain('lib/label.js');
    expect(review.stdout).toContain(`selfheal approve ${id}`);
    const approved = await selfheal(['approve', id, '--repo', repository.root, '--by', 'ann']);
    expect([approved.exitCode, approved.stderr]).toEqual([0, approved.stderr]);
    expect(await repository.git('log', '--oneline', 'main')).toMatch(/selfheal|Heal|Merge|fix/i);
  });

  it('stops where it is told to', async () => {
    const repository = await makeOrdersRepository();
    const before = await stateOf(repository);
    const { exitCode, report } = await heal(repository.root, [await faulty(repository)], ['--stop-after', 'diagnose']);
    expect(exitCode).toBe(0);
    expect(report?.incidents[0]?.diagnosis).toMatchObject({ file: 'lib/label.js', line: 12 });
    expect(report?.incidents[0]?.patch).toBeUndefined();
    expect(await stateOf(repository)).toBe(before);
  });
});
