import type { EncryptionView } from "../call/encryption.js";
import { LockIcon } from "./icons.js";

interface BadgeText {
  readonly label: string;
  readonly tone: "good" | "muted" | "warning" | "danger";
}

/** One line that a person understands without knowing what an epoch is. */
export function badgeText({ state, unreadable }: EncryptionView): BadgeText {
  switch (state) {
    case "on":
      return unreadable.length > 0
        ? { label: "Encrypted, but some of it cannot be opened", tone: "warning" }
        : { label: "End-to-end encrypted", tone: "good" };
    case "establishing":
      return { label: "Agreeing on keys…", tone: "muted" };
    case "blocked":
      return { label: "Encryption problem: you are not heard", tone: "danger" };
    case "failed":
      return { label: "Encryption failed", tone: "danger" };
    case "off":
      return { label: "Not end-to-end encrypted", tone: "muted" };
  }
}

export function EncryptionBadge({
  encryption,
  onOpen,
}: {
  readonly encryption: EncryptionView;
  readonly onOpen: () => void;
}) {
  const { label, tone } = badgeText(encryption);
  return (
    <button
      type="button"
      class={`encryption-badge ${tone}`}
      data-testid="encryption-badge"
      data-state={encryption.state}
      aria-label={`${label}. Open the details`}
      onClick={onOpen}
    >
      <LockIcon open={encryption.state !== "on"} />
      <span>{label}</span>
    </button>
  );
}

/** Over everything while nothing may be sent: what a person says now reaches nobody. */
export function EncryptionAlert({ encryption }: { readonly encryption: EncryptionView }) {
  if (encryption.state !== "blocked") return null;
  return (
    <div class="encryption-alert" role="alert" data-testid="encryption-alert">
      <LockIcon open />
      <div>
        <strong>Nobody hears or sees you right now.</strong>
        <p>
          Something is wrong with the keys of this call, so nothing leaves your device until new ones are
          agreed on. This is being tried by itself.
        </p>
      </div>
    </div>
  );
}
