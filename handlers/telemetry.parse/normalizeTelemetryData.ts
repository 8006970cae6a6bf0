import type { Handler } from '@selfheal/contracts';
import { normaliseEvents } from '@selfheal/telemetry';

/**
 * Sequence telemetry.parse, movement Aggregation. Brings raw events of all formats to one vocabulary: times, severities, operations,
 * requests, errors with fingerprint, flow ids, templates. Reads and writes nothing; never fails on what a log says.
 */
export const normalizeTelemetryData: Handler<'normalizeTelemetryData'> = ({ events, miner }) => normaliseEvents(events, miner);
