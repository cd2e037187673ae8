/**
 * Whether the reduced setting is on: the environment variable NORMLAB_QUICK is set, and not to 0.
 * Lessons then train on fewer images for one or two epochs, so that a test can run them.
 */
export function isQuick(): boolean {
  const value = process.env.NORMLAB_QUICK;
  return value !== undefined && value !== "" && value !== "0";
}
