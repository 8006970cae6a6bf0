import type { BeatContext } from '@selfheal/contracts';

const INTERVAL_MS = 3_000;

/** Tells the engine that work goes on, for as long as it does. `say` changes what people are shown. */
export async function withHeartbeat<T>(beat: BeatContext, work: (say: (progress: string) => void) => Promise<T>): Promise<T> {
  let progress: string | undefined;
  const tell = (): void => beat.heartbeat(progress);
  const timer = setInterval(tell, INTERVAL_MS);
  try {
    return await work((said) => {
      progress = said;
      tell();
    });
  } finally {
    clearInterval(timer);
  }
}
