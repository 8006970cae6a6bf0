/** Whether an error says that there is no room left: then what is not kept is made again some day, and the build goes on. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
