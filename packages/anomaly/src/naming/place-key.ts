import type { Place } from '@selfheal/contracts';

/** A place in one word, the finest name first; what a raised threshold is kept under. */
export function placeKey(place: Place): string {
  if (place.file !== undefined && place.function !== undefined) return `${place.file}#${place.function}`;
  return place.handler ?? place.operation ?? place.sequence ?? place.file ?? place.step ?? 'anywhere';
}
