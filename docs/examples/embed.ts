/**
 * selfheal within a host application: `node docs/examples/embed.ts <repository> <log file>`.
 *
 * The host keeps its own process: nothing in selfheal ends it, reads its arguments or listens beyond this machine.
 */
import { resolve } from 'node:path';
import { createSelfHealing, SelfhealError } from 'selfheal';

const [repo = '.', log = 'app.log'] = process.argv.slice(2);

const healing = await createSelfHealing({
  repo,
  // PATH finds git and npm; TEMPORAL_ADDRESS, DATABASE_URL and the like are read here and nowhere else.
  env: process.env,
  // Laid over selfheal.config.json: here people decide about every patch.
  config: { policy: { approve: 'review' } },
});

healing.on('state', ({ title, stage, summary }) => console.log(`${title}: ${stage === 'done' ? summary : stage}`));
healing.on('incident', ({ id, status }) => console.log(`${id} is ${status} now`));

try {
  await healing.start();

  // What the host knows of itself; on disk when the promise resolves, read together with the logs.
  await healing.ingest([{ time: Date.now(), level: 'info', msg: 'host started', pid: process.pid }]);

  // Judged are the last 24 hours before the newest event (intake.lookbackMs), whenever that was.
  const { incidents, sweep } = await healing.healLogs({ paths: [resolve(log)] });
  console.log(sweep.summary);
  for (const incident of incidents) {
    if (incident.status !== 'waiting_review' || incident.patchId === undefined) continue;
    const patch = await healing.records.need('patch', incident.patchId);
    console.log(patch.diff);
    // The host's own rule stands in for a person here: tests may be added, code may not be changed unseen.
    const onlyTests = patch.files.every((file) => patch.testFiles.includes(file));
    await healing.decide(incident.id, { approved: onlyTests, by: 'host policy', why: onlyTests ? 'adds tests only' : 'changes code' });
  }
} catch (error) {
  if (!(error instanceof SelfhealError)) throw error;
  console.error(`${error.code}: ${error.message}`);
} finally {
  await healing.stop();
}
