/** The codes of E2EE_FAULT that a commit or a group can be refused with. */
export type RefusalCode = "BAD_COMMIT" | "TAG_MISMATCH" | "POLICY" | "STATE_LOST";

/** Why an epoch was not adopted. The state is what it was before. */
export class MlsRefusal extends Error {
  readonly code: RefusalCode;
  /** The check that failed, for counters. */
  readonly check: string;

  constructor(code: RefusalCode, check: string, cause?: unknown) {
    super(`${code}: ${check}`, cause === undefined ? undefined : { cause });
    this.name = "MlsRefusal";
    this.code = code;
    this.check = check;
  }
}
