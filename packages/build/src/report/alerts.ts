import type { TaskState } from '../run/build-event.ts';

/** What somebody should look at. */
export interface BuildAlert {
  readonly kind: 'failures' | 'stuck';
  readonly message: string;
}

/** Share of the tasks that may fail without an alert. */
const MOST_FAILURES = 0.1;

export function alertsOf({ failed }: Readonly<Record<TaskState, number>>, total: number): readonly BuildAlert[] {
  if (total === 0 || failed / total <= MOST_FAILURES) return [];
  return [{ kind: 'failures', message: `${failed} of ${total} tasks failed: more than ${MOST_FAILURES * 100} %` }];
}
