import type { EvidenceLine, TelemetryEvent } from '@selfheal/contracts';

const MAX_TEXT = 500;

export function evidenceOf({
  id,
  source,
  line,
  time,
  text,
}: Pick<TelemetryEvent, 'id' | 'source' | 'line' | 'time' | 'text'>): EvidenceLine {
  return { eventId: id, source, line, time, text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text };
}
