// The picture of a call's one camera as a person sees it: what it is, and that it does not stand still.
import assert from 'node:assert/strict';
import { inWords, pictureWatched, sentWatched, watchPicture, watchSent } from './picture.mjs';

const longestFreezeMs = 500;
// A picture's time on the way: a keyframe of 8 kB behind 330 kbit/s.
const sentToleranceMs = 200;
// Sizes are rounded to even lines by some.
const sameSizeLines = 2;

/** What arrives of the one camera, with what the server says of it. */
export async function picture(person) {
  const { remoteTracks } = await person.inspect();
  const track = remoteTracks.find(({ source }) => source === 'camera');
  const stream = (await person.received('video')).find(({ producerId }) => producerId === track?.producerId);
  return track && stream && { ...stream, video: track.video };
}

/**
 * Runs a change and asserts that the picture never stood still for longer than a person forgives, unless its sender sent none of that size for as long
 * and until then: after a keyframe of the smallest size Chromium leaves pictures out.
 */
export async function withoutFreeze(person, what, change, sender) {
  const { producerId } = await picture(person);
  await watchPicture(person.page, producerId);
  if (sender) await watchSent(sender.page);
  await person.until('to see the picture move', async () => (await pictureWatched(person.page)).frames >= 3);
  await change();
  const { frames } = await pictureWatched(person.page);
  await person.until('to see it go on', async () => (await pictureWatched(person.page)).frames >= frames + 6);
  const { longestMs, over } = await pictureWatched(person.page);
  const sent = sender ? await sentWatched(sender.page) : {};
  const pausesOf = (lines) => Object.entries(sent).find(([size]) => Math.abs(size - lines) <= sameSizeLines)?.[1] ?? [];
  const isSendersOwn = ({ ms, lines, at }) => pausesOf(lines).some((pause) => pause.at > at - ms && pause.at <= at && ms <= pause.ms + sentToleranceMs);
  const unexplained = over.filter((still) => still.ms > longestFreezeMs && !isSendersOwn(still));
  const pauses = Object.entries(sent).map(([lines, of]) => `${of.map(({ ms }) => ms).join(', ') || 'no'} ms of ${lines} lines`);
  const told = `${inWords(over)}${sender ? `; not sent: ${pauses.join('; ')}` : ''}`;
  assert.deepEqual(unexplained, [], `${person.name}, ${what}: stood still for ${told}`);
  return longestMs <= longestFreezeMs ? `${what} ${longestMs} ms` : `${what} ${longestMs} ms (${told})`;
}
