/** One name for a device of a user: JSON, so that no choice of the two makes them look like another pair. */
export function memberId(userId: string, deviceId: string): string {
  return JSON.stringify([userId, deviceId]);
}
