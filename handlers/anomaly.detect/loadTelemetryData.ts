import { addToSeries, baselinesOf, learnedFlowsOf, newSeriesFold, seriesOf, thresholdsOf } from '@selfheal/anomaly';
import type { Handler, TelemetrySnapshot } from '@selfheal/contracts';
import { markedReleases } from './marked-releases.ts';
import { readCode } from './read-code.ts';
import { readObjectives } from './read-objectives.ts';
import { readRuns } from './read-runs.ts';
import { readSlices } from './read-slices.ts';
import { releasesOf } from './releases-of.ts';

/**
 * Sequence anomaly.detect, movement Load. Gathers all that the detectors read into one snapshot: slices merged by release and coarse
 * time, the busiest operations by fine time, flows folded from the events, budgets, objectives, declared and learned expectations, the code that serves what was seen, and what its
 * tests cover.
 * Reads: batches, slices, release marks, models; the lake; the code base, running its tests with coverage once a commit.
 * Writes: nothing of its own. Fails: as the code base and the lake do.
 */
export const loadTelemetryData: Handler<'loadTelemetryData'> = async ({ projectId, now, window }, ports) => {
  const { records, project, beat } = ports;
  const fold = newSeriesFold();
  const slices = await readSlices(records, projectId, window, beat, (page) => addToSeries(fold, page));
  const operationSeries = seriesOf(fold);
  const marks = await records.list('release', { where: { projectId } });
  const runs = await readRuns(ports.lake, projectId, window, beat, markedReleases(marks));
  const code = await readCode(ports.codebase, slices, beat);
  const models = await records.list('model', { where: { projectId } });
  const objectives = await readObjectives(records, projectId, project.config, window.to, beat);
  const notes = [...runs.notes, ...code.notes];
  const snapshot: TelemetrySnapshot = {
    projectId,
    now,
    window,
    releases: releasesOf(slices, marks, code.info),
    slices,
    flows: runs.flows,
    nesting: runs.nesting,
    budgets: project.config.budgets,
    baselines: baselinesOf(models),
    declaredFlows: code.info.flows,
    learnedFlows: learnedFlowsOf(models),
    codeOperations: code.info.operations,
    ...(code.coverage === undefined ? {} : { coverage: code.coverage }),
    ...(objectives.length === 0 ? {} : { objectives }),
    ...(operationSeries.length === 0 ? {} : { operationSeries }),
    thresholds: thresholdsOf(models),
    policy: { coverage: project.config.policy.coverage },
    ...(notes.length === 0 ? {} : { notes }),
  };
  return { snapshot };
};
