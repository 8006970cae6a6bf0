import { joinSeries, objectiveSeriesOf } from '@selfheal/anomaly';
import type { BeatContext, ObjectiveSeries, Records, SelfhealConfig } from '@selfheal/contracts';

const PAGE = 500;

/**
 * What was seen of each declared objective over its own period, which reaches farther back than a sweep looks. Read page by page, at the
 * resolution in which it is stored.
 */
export async function readObjectives(
  records: Records,
  projectId: string,
  { slos }: Pick<SelfhealConfig, 'slos'>,
  until: number,
  beat: Pick<BeatContext, 'heartbeat'>,
): Promise<ObjectiveSeries[]> {
  if (slos.length === 0) return [];
  const from = until - Math.max(...slos.map(({ periodMs }) => periodMs));
  let series: ObjectiveSeries[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await records.list('slice', {
      where: { projectId },
      range: { field: 'bucketStart', from, to: until + 1 },
      orderBy: { field: 'bucketStart' },
      limit: PAGE,
      offset,
    });
    const more = objectiveSeriesOf(
      slos,
      page.map(({ slice }) => slice),
      until,
    );
    series = more.flatMap((one, nth) => joinSeries([...series.slice(nth, nth + 1), one], until) ?? []);
    if (page.length < PAGE) return series;
    beat.heartbeat(`${offset + page.length} slices read for objectives`);
  }
}
