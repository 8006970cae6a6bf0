import { SelfhealError } from '@selfheal/contracts';

/** `<project>/<yyyy-mm-dd>/<batch>.parquet`, below the lake's folder; the day (UTC) is that of the earliest event. */
export function batchPath(projectId: string, batchId: string, from: number): string {
  return `${projectFolder(projectId)}/${day(from)}/${fileName('batch', batchId)}.parquet`;
}

export function projectFolder(projectId: string): string {
  return fileName('project', projectId);
}

/** Ids become names of files: what means something to a file system, or to DuckDB's patterns, is percent-encoded. */
function fileName(what: string, id: string): string {
  const name = encodeURIComponent(id.toWellFormed()).replace(
    /[!'()*~]|^\./g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (name === '' || name.length > 200) {
    throw new SelfhealError('INPUT_INVALID', `the id of a ${what} must have 1 to 200 characters once encoded, not ${name.length}`);
  }
  return name;
}

const LAST_DATE = 8.64e15;

function day(time: number): string {
  return Math.abs(time) <= LAST_DATE ? new Date(time).toISOString().slice(0, 10) : 'undated';
}
