import { type Handler, SelfhealError } from '@selfheal/contracts';

const DEFAULT_MAX_BYTES = 16_777_216;

/**
 * Sequence telemetry.parse, movement Intake. Settles what this run reads: each path once, at most `maxBytes` (16 MiB unless said).
 * Reads and writes nothing. Fails with INPUT_INVALID where no path is given.
 */
export const parseTelemetryRequested: Handler<'parseTelemetryRequested'> = ({ projectId, paths, maxBytes = DEFAULT_MAX_BYTES }) => {
  const distinct = [...new Set(paths.map((path) => path.trim()).filter((path) => path !== ''))];
  if (distinct.length === 0) {
    throw new SelfhealError('INPUT_INVALID', 'no log path was given; pass --logs or set "logs" in selfheal.config.json', {
      where: { project: projectId },
    });
  }
  return { projectId, paths: distinct, maxBytes };
};
