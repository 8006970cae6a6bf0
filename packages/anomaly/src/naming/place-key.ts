import type { Place } from '@selfheal/contracts';

/** A place in one word; what a raised threshold is kept under. */
export function placeKey(place: Place): string {
  return place.operation ?? place.handler ?? place.sequence ?? place.function ?? place.file ?? 'anywhere';
}
