import type { ServiceLog, ServiceMetric, ServiceSpan, ServiceTelemetry } from '@selfheal/contracts';

interface Change {
  /** This service logs an error and skips its statement 32. */
  failing?: string;
  /** This service skips its statement 32 without an error. */
  silent?: string;
  /** 800 ms lie between the caller's and this service's spans. */
  delayed?: string;
  /** This service takes 400 ms of its own. */
  slow?: string;
  /** This service's processor is fully used. */
  busy?: string;
}

/** One minute of a shop: web calls stock and price in each of twenty requests, each logs two statements a request. */
export function shopMinute(startMs: number, change: Change = {}): ServiceTelemetry {
  const spans: ServiceSpan[] = [];
  const logs: ServiceLog[] = [];
  for (let request = 0; request < 20; request += 1) {
    const traceId = `t${startMs}-${request}`;
    const at = startMs + request * 2_500;
    let now = at + 2;
    for (const service of ['stock', 'price']) {
      const own = change.slow === service ? 400 : 8 + (request % 3);
      const gap = change.delayed === service ? 800 : 2;
      const id = `${service}-${request}`;
      spans.push({
        traceId,
        spanId: `c-${id}`,
        parentId: 'root',
        service: 'web',
        operation: 'HTTP GET',
        startMs: now,
        durationMs: own + gap,
      });
      spans.push({
        traceId,
        spanId: id,
        parentId: `c-${id}`,
        service,
        operation: `GET /${service}/${request}`,
        startMs: now + gap / 2,
        durationMs: own,
      });
      const start = now + gap / 2;
      const line = (level: string, number: number, text: string) =>
        logs.push({ atMs: start, service, traceId, spanId: id, text: `${level} ${service}.Store#${number} ${text} ${request}` });
      line('INFO', 30, 'asked for');
      if (change.failing === service) line('ERROR', 40, 'cannot read shelf');
      else if (change.silent !== service) line('INFO', 32, 'found');
      now += own + gap + 1;
    }
    const isFailed = change.failing !== undefined;
    logs.push({
      atMs: now,
      service: 'web',
      traceId,
      spanId: 'root',
      text: isFailed ? 'ERROR web.Page#9 no answer' : 'INFO web.Page#7 page made',
    });
    spans.push({ traceId, spanId: 'root', service: 'web', operation: 'GET /', startMs: at, durationMs: now - at + 2 });
  }
  return { spans, logs, metrics: ['web', 'stock', 'price'].map((service) => load(service, startMs + 30_000, change.busy === service)) };
}

function load(service: string, atMs: number, isBusy: boolean): ServiceMetric {
  return { atMs, service, instance: `${service}-1`, name: 'container.cpu.usage', value: isBusy ? 0.99 : 0.05 };
}
