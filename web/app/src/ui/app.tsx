import type { CallController } from "../call/controller.js";
import { useStore } from "../store.js";
import { CallScreen } from "./call-screen.js";
import { Lobby } from "./lobby.js";
import { EndedScreen, ProblemScreen } from "./problem-screen.js";

export function App({ controller }: { readonly controller: CallController }) {
  const view = useStore(controller.store);
  const { announcement, toast } = view;
  return (
    <>
      <Screen controller={controller} />
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
        <span key={announcement.id}>{announcement.text}</span>
      </div>
      {toast !== undefined && (
        <div class="toast" key={toast.id} data-testid="toast" aria-hidden="true">
          {toast.text}
        </div>
      )}
    </>
  );
}

function Screen({ controller }: { readonly controller: CallController }) {
  const view = useStore(controller.store);
  switch (view.phase) {
    case "call":
      return <CallScreen controller={controller} view={view} />;
    case "problem":
      return view.problem === undefined ? null : (
        <ProblemScreen controller={controller} problem={view.problem} />
      );
    case "ended":
      return <EndedScreen controller={controller} />;
    default:
      return <Lobby controller={controller} roomId={view.roomId} joining={view.phase === "joining"} />;
  }
}
