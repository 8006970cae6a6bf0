import { hostname } from 'node:os';
import proto from '@temporalio/proto';
import { expect, it } from 'vitest';
import { neutralHistory } from './neutral-history.ts';

const { History } = proto.temporal.api.history.v1;

it('takes host, process and paths out of names and payloads, and leaves the rest', () => {
  const payload = {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from('{"file":"/home/ann/repo/a.json","mail":"ann@example.org"}'),
  };
  const history = History.encode(
    History.fromObject({
      events: [
        {
          workflowExecutionStartedEventAttributes: { identity: `4711@${hostname()}`, input: { payloads: [payload] }, attempt: 3 },
          eventTime: { seconds: 1_700_000_000 },
        },
        { workflowTaskScheduledEventAttributes: { taskQueue: { name: `4711@${hostname()}-selfheal-0af3` } } },
      ],
    }),
  ).finish();
  const { events } = History.decode(neutralHistory(history, new Map([[/\/home\/ann\/repo/g, '/repo']])));
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  expect([started?.identity, started?.attempt, Number(events[0]?.eventTime?.seconds)]).toEqual(['worker@host', 3, 1_700_000_000]);
  expect(Buffer.from(started?.input?.payloads?.[0]?.data ?? []).toString()).toBe('{"file":"/repo/a.json","mail":"ann@example.org"}');
  expect(events[1]?.workflowTaskScheduledEventAttributes?.taskQueue?.name).toMatch(/^worker@host/);
});
