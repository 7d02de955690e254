/**
 * A webhook that wrote after so long, in milliseconds, may have been overtaken by one that found nothing to write: what it
 * wrote may be what the contact was before. It is followed by a second look; whoever was faster waits as long at most.
 */
export const overtakenMs = 500;
