import { join } from 'node:path';
import type { LogReader, LogSources, Records, SelfhealConfig } from '@selfheal/contracts';
import { Placeholders, placeholderKey } from '@selfheal/redaction';
import { extractEvents } from './extract/extract-events.ts';
import type { Disk } from './intake/disk.ts';
import type { IntakeFolder } from './intake/intake-folder.ts';
import { Journal } from './intake/journal.ts';
import { Puller } from './intake/pull.ts';
import { FrameMapper } from './stack/frame-mapper.ts';

export interface LogSourcesOptions {
  /** Folder of the redacted journal and of the key of its placeholders. */
  journalDir: string;
  /** Saved offsets are read here; they are moved by storeTelemetryDatabase, together with the batch. */
  records: Records;
  /** Absolute path of the watched repository. */
  projectRoot: string;
  config: Pick<SelfhealConfig, 'intake' | 'sourceMaps'>;
  /** Readers of plugins, asked before the built-in ones. */
  readers?: readonly LogReader[];
  /** Folder of segments that hosts and senders deliver to; named as a path, its segments are read. */
  segments?: IntakeFolder;
  /** How the journal gets to disk; default: Node's file system. */
  disk?: Disk;
}

/** The `LogSources` port over files. Nothing is opened until it is used. */
export function openLogSources(options: LogSourcesOptions): LogSources {
  const { journalDir, records, projectRoot, config, readers = [], segments, disk } = options;
  const journal = new Journal(join(journalDir, 'segments'), disk);
  let puller: Promise<Puller> | undefined;
  const openPuller = async (): Promise<Puller> => {
    const placeholders = new Placeholders(await placeholderKey(journalDir));
    return new Puller({ journal, records, projectRoot, intake: config.intake, placeholders, segments });
  };
  return {
    async pull(request) {
      puller ??= openPuller();
      return await (await puller).pull(request);
    },
    async extract(segments, signal) {
      if (segments.length === 0) return { events: [], lines: 0, unparsed: 0, formats: {} };
      // The files of the repository are listed only where there is a stack to map.
      let opened: Promise<FrameMapper> | undefined;
      const open = (): Promise<FrameMapper> => {
        opened ??= FrameMapper.open(projectRoot, config.sourceMaps);
        return opened;
      };
      const mapper: Pick<FrameMapper, 'mapError' | 'mapFrames'> = {
        mapError: async (error) => await (await open()).mapError(error),
        mapFrames: async (frames) => await (await open()).mapFrames(frames),
      };
      return await extractEvents(segments, { journal, mapper, readers, signal });
    },
    async release(segments) {
      await journal.remove(segments.map((segment) => segment.id));
    },
  };
}
