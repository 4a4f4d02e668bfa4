import { useEffect, useRef, useState } from "preact/hooks";
import { computeGrid } from "../call/layout.js";
import type { ParticipantView } from "../call/view.js";
import { Tile, type TileActions } from "./tile.js";

interface GridProps {
  readonly participants: readonly ParticipantView[];
  readonly actions: TileActions;
}

const gap = 10;

/** Everyone, arranged so that the pictures are as large as they can be. With two, you are the small one. */
export function Grid({ participants, actions }: GridProps) {
  const sharing = participants.filter(participant => participant.screen !== undefined);
  if (sharing.length > 0) return <Stage participants={participants} sharing={sharing} actions={actions} />;
  const [self, other] = participants;
  if (participants.length === 2 && self !== undefined && other !== undefined) {
    return (
      <div class="pair" data-testid="grid" data-count={2}>
        <Tile participant={other} actions={actions} />
        <div class="pair-self">
          <Tile participant={self} actions={actions} />
        </div>
      </div>
    );
  }
  return <EvenGrid participants={participants} actions={actions} />;
}

function EvenGrid({ participants, actions }: GridProps) {
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const shape = computeGrid(participants.length, size.width, size.height, gap);
  return (
    <div class="grid-area" ref={area} data-testid="grid" data-count={participants.length}>
      <div
        class="grid"
        style={{
          gap: `${gap}px`,
          width: `${shape.columns * shape.tileWidth + gap * (shape.columns - 1)}px`,
        }}
      >
        {participants.map(participant => (
          <div
            key={participant.deviceId}
            style={{ width: `${shape.tileWidth}px`, height: `${shape.tileHeight}px` }}
          >
            <Tile participant={participant} actions={actions} />
          </div>
        ))}
      </div>
    </div>
  );
}

interface StageProps extends GridProps {
  readonly sharing: readonly ParticipantView[];
}

function Stage({ participants, sharing, actions }: StageProps) {
  const shown = sharing.find(participant => !participant.isSelf) ?? sharing[0];
  return (
    <div class="stage" data-testid="grid" data-count={participants.length}>
      {shown !== undefined && (
        <div class="stage-main">
          <Tile key={`${shown.deviceId}-screen`} participant={shown} screen actions={actions} />
        </div>
      )}
      <div class="stage-strip">
        {participants.map(participant => (
          <Tile key={participant.deviceId} participant={participant} actions={actions} />
        ))}
      </div>
    </div>
  );
}

function useSize(element: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new ResizeObserver(entries => {
      const box = entries[0]?.contentRect;
      if (box !== undefined) setSize({ width: box.width, height: box.height });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return size;
}
