/**
 * Messages of the OpenTelemetry protocol (OTLP 1.x), as far as they are read: field number, name in OTLP/JSON, type. Unknown fields are
 * passed over, as protobuf wants it.
 */
export type Scalar =
  | 'string'
  /** OTLP/JSON writes bytes in base64, */
  | 'bytes'
  /** but trace and span ids in hex. */
  | 'hex'
  | 'bool'
  | 'double'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'int64'
  | 'uint64'
  | 'fixed64'
  | 'sfixed64';

export interface Field {
  readonly name: string;
  readonly type: Scalar | (() => Message);
  readonly repeated: boolean;
}

export type Message = ReadonlyMap<number, Field>;

type Fields = Readonly<Record<number, readonly [name: string, type: Field['type']] | readonly [name: string, type: Field['type'], 'many']>>;

function message(fields: Fields): Message {
  return new Map(Object.entries(fields).map(([number, [name, type, many]]) => [Number(number), { name, type, repeated: many === 'many' }]));
}

const anyValue: Message = message({
  1: ['stringValue', 'string'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', () => arrayValue],
  6: ['kvlistValue', () => keyValueList],
  7: ['bytesValue', 'bytes'],
});
const arrayValue = message({ 1: ['values', () => anyValue, 'many'] });
const keyValue = message({ 1: ['key', 'string'], 2: ['value', () => anyValue] });
const keyValueList = message({ 1: ['values', () => keyValue, 'many'] });

export const resource = message({ 1: ['attributes', () => keyValue, 'many'], 2: ['droppedAttributesCount', 'uint32'] });
export const scope = message({
  1: ['name', 'string'],
  2: ['version', 'string'],
  3: ['attributes', () => keyValue, 'many'],
  4: ['droppedAttributesCount', 'uint32'],
});

const spanEvent = message({
  1: ['timeUnixNano', 'fixed64'],
  2: ['name', 'string'],
  3: ['attributes', () => keyValue, 'many'],
  4: ['droppedAttributesCount', 'uint32'],
});
const spanLink = message({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'string'],
  4: ['attributes', () => keyValue, 'many'],
  5: ['droppedAttributesCount', 'uint32'],
  6: ['flags', 'fixed32'],
});
const spanStatus = message({ 2: ['message', 'string'], 3: ['code', 'uint32'] });

export const span = message({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'string'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'string'],
  6: ['kind', 'uint32'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: ['attributes', () => keyValue, 'many'],
  10: ['droppedAttributesCount', 'uint32'],
  11: ['events', () => spanEvent, 'many'],
  12: ['droppedEventsCount', 'uint32'],
  13: ['links', () => spanLink, 'many'],
  14: ['droppedLinksCount', 'uint32'],
  15: ['status', () => spanStatus],
  16: ['flags', 'fixed32'],
});

export const logRecord = message({
  1: ['timeUnixNano', 'fixed64'],
  2: ['severityNumber', 'uint32'],
  3: ['severityText', 'string'],
  5: ['body', () => anyValue],
  6: ['attributes', () => keyValue, 'many'],
  7: ['droppedAttributesCount', 'uint32'],
  8: ['flags', 'fixed32'],
  9: ['traceId', 'hex'],
  10: ['spanId', 'hex'],
  11: ['observedTimeUnixNano', 'fixed64'],
  12: ['eventName', 'string'],
});

const exemplar = message({
  2: ['timeUnixNano', 'fixed64'],
  3: ['asDouble', 'double'],
  4: ['spanId', 'hex'],
  5: ['traceId', 'hex'],
  6: ['asInt', 'sfixed64'],
  7: ['filteredAttributes', () => keyValue, 'many'],
});
const numberPoint = message({
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['asDouble', 'double'],
  5: ['exemplars', () => exemplar, 'many'],
  6: ['asInt', 'sfixed64'],
  7: ['attributes', () => keyValue, 'many'],
  8: ['flags', 'uint32'],
});
const histogramPoint = message({
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['bucketCounts', 'fixed64', 'many'],
  7: ['explicitBounds', 'double', 'many'],
  8: ['exemplars', () => exemplar, 'many'],
  9: ['attributes', () => keyValue, 'many'],
  10: ['flags', 'uint32'],
  11: ['min', 'double'],
  12: ['max', 'double'],
});
const buckets = message({ 1: ['offset', 'sint32'], 2: ['bucketCounts', 'uint64', 'many'] });
const exponentialHistogramPoint = message({
  1: ['attributes', () => keyValue, 'many'],
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['scale', 'sint32'],
  7: ['zeroCount', 'fixed64'],
  8: ['positive', () => buckets],
  9: ['negative', () => buckets],
  10: ['flags', 'uint32'],
  11: ['exemplars', () => exemplar, 'many'],
  12: ['min', 'double'],
  13: ['max', 'double'],
  14: ['zeroThreshold', 'double'],
});
const quantile = message({ 1: ['quantile', 'double'], 2: ['value', 'double'] });
const summaryPoint = message({
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['quantileValues', () => quantile, 'many'],
  7: ['attributes', () => keyValue, 'many'],
  8: ['flags', 'uint32'],
});
const gauge = message({ 1: ['dataPoints', () => numberPoint, 'many'] });
const sum = message({ 1: ['dataPoints', () => numberPoint, 'many'], 2: ['aggregationTemporality', 'uint32'], 3: ['isMonotonic', 'bool'] });
const histogram = message({ 1: ['dataPoints', () => histogramPoint, 'many'], 2: ['aggregationTemporality', 'uint32'] });
const exponentialHistogram = message({
  1: ['dataPoints', () => exponentialHistogramPoint, 'many'],
  2: ['aggregationTemporality', 'uint32'],
});
const summary = message({ 1: ['dataPoints', () => summaryPoint, 'many'] });

export const metric = message({
  1: ['name', 'string'],
  2: ['description', 'string'],
  3: ['unit', 'string'],
  5: ['gauge', () => gauge],
  7: ['sum', () => sum],
  9: ['histogram', () => histogram],
  10: ['exponentialHistogram', () => exponentialHistogram],
  11: ['summary', () => summary],
  12: ['metadata', () => keyValue, 'many'],
});
