import { useEffect, useRef } from "preact/hooks";

interface VideoProps {
  readonly track: MediaStreamTrack;
  readonly mirrored?: boolean;
  readonly contain?: boolean;
  readonly label: string;
  readonly producerId?: string | undefined;
  /** The first frame was decoded and is about to be shown. */
  readonly onFirstFrame?: () => void;
  /** The element stands; what it returns is called when it goes. */
  readonly onShown?: (element: HTMLVideoElement) => () => void;
}

export function Video({
  track,
  mirrored = false,
  contain = false,
  label,
  producerId,
  onFirstFrame,
  onShown,
}: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    if (onFirstFrame !== undefined) whenFirstFrame(video, onFirstFrame);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    const video = element.current;
    return video === null ? undefined : onShown?.(video);
  }, [producerId]);
  return (
    <video
      ref={element}
      class={`video${mirrored ? " mirrored" : ""}${contain ? " contain" : ""}`}
      autoplay
      playsInline
      muted
      aria-label={label}
      data-testid="video"
      data-producer-id={producerId}
    />
  );
}

function whenFirstFrame(video: HTMLVideoElement, run: () => void): void {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => run());
  else (video as HTMLVideoElement).addEventListener("loadeddata", () => run(), { once: true });
}

interface AudioProps {
  readonly track: MediaStreamTrack;
  readonly speakerId: string | undefined;
  readonly onBlocked: () => void;
  /** Changes when the person allowed sound: play again. */
  readonly unblock: number;
}

export function Audio({ track, speakerId, onBlocked, unblock }: AudioProps) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    audio.srcObject = new MediaStream([track]);
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    element.current?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") onBlocked();
    });
  }, [track, unblock]);
  useEffect(() => {
    if (speakerId === undefined) return;
    void element.current?.setSinkId?.(speakerId).catch(() => undefined);
  }, [speakerId]);
  // biome-ignore lint/a11y/useMediaCaption: live speech has no captions to offer
  return <audio ref={element} autoplay data-testid="remote-audio" />;
}
