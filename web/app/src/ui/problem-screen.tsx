import { useEffect, useRef } from "preact/hooks";
import type { CallController } from "../call/controller.js";
import type { Problem, ProblemAction } from "../call/problems.js";
import { Logo } from "./icons.js";

const labels: Readonly<Record<ProblemAction, string>> = {
  retry: "Try again",
  rejoin: "Rejoin the call",
  reload: "Reload the page",
  home: "Start page",
  "continue-without": "Continue without",
};

interface ProblemScreenProps {
  readonly controller: CallController;
  readonly problem: Problem;
}

export function ProblemScreen({ controller, problem }: ProblemScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const actions: Readonly<Record<ProblemAction, () => void>> = {
    retry: () => void controller.toLobby(true),
    rejoin: () => void controller.rejoin(),
    reload: () => location.reload(),
    home: () => void controller.toLobby(false),
    "continue-without": () => void controller.toLobby(true),
  };
  return (
    <main class="message" data-testid="problem-screen" data-code={problem.code}>
      <header class="brand">
        <Logo />
        <span>Crosspoint</span>
      </header>
      <section class="card message-card" aria-labelledby="problem-title">
        <h1 id="problem-title" tabIndex={-1} ref={heading}>
          {problem.title}
        </h1>
        <p>{problem.text}</p>
        <p class="code">
          Code <code data-testid="problem-code">{problem.code}</code>
        </p>
        <div class="row actions">
          {problem.actions.map((action, index) => (
            <button
              key={action}
              type="button"
              class={index === 0 ? "primary" : "secondary"}
              data-testid={`problem-${action}`}
              onClick={actions[action]}
            >
              {labels[action]}
            </button>
          ))}
        </div>
      </section>
    </main>
  );
}

export function EndedScreen({ controller }: { readonly controller: CallController }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class="message" data-testid="ended-screen">
      <header class="brand">
        <Logo />
        <span>Crosspoint</span>
      </header>
      <section class="card message-card" aria-labelledby="ended-title">
        <h1 id="ended-title" tabIndex={-1} ref={heading}>
          You left the call
        </h1>
        <p>Camera and microphone are released.</p>
        <div class="row actions">
          <button
            type="button"
            class="primary"
            data-testid="ended-rejoin"
            onClick={() => void controller.toLobby(true)}
          >
            Back to the room
          </button>
          <button
            type="button"
            class="secondary"
            data-testid="ended-home"
            onClick={() => void controller.toLobby(false)}
          >
            New call
          </button>
        </div>
      </section>
    </main>
  );
}
