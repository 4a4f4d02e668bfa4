import type { ComponentChildren } from "preact";

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const slash = <path d="M4 4l16 16" />;

export const MicrophoneIcon = ({ off = false }: { readonly off?: boolean }) => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
    {off && slash}
  </Icon>
);

export const CameraIcon = ({ off = false }: { readonly off?: boolean }) => (
  <Icon>
    <rect x="3" y="6.5" width="12.5" height="11" rx="2.5" />
    <path d="M15.5 11l5.5-3v8l-5.5-3z" />
    {off && slash}
  </Icon>
);

export const LockIcon = ({ open = false }: { readonly open?: boolean }) => (
  <Icon>
    <rect x="5" y="10.5" width="14" height="10" rx="2.5" />
    <path d={open ? "M8 10.5V7a4 4 0 0 1 7.6-1.7" : "M8 10.5V7a4 4 0 0 1 8 0v3.5"} />
  </Icon>
);

export const ScreenIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2" />
    <path d="M9 20.5h6M12 13.5V8M9.3 10.2L12 7.5l2.7 2.7" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M3.5 14.6c-.6-2 .2-3.6 2-4.5 4.2-2.1 8.8-2.1 13 0 1.8.9 2.6 2.5 2 4.5-.2.7-.9 1-1.5.8l-2.7-.8c-.6-.2-1-.7-1-1.300v-1.600a12 12 0 0 0-6.6 0v1.600c0 .6-.4 1.1-1 1.300l-2.7.8c-.6.2-1.3-.1-1.5-.8z" />
  </Icon>
);

export const LinkIcon = () => (
  <Icon>
    <path d="M10 14a4 4 0 0 0 5.7.2l3-3a4 4 0 0 0-5.7-5.700l-1.3 1.300M14 10a4 4 0 0 0-5.7-.2l-3 3a4 4 0 0 0 5.7 5.700l1.3-1.3" />
  </Icon>
);

export const DetailsIcon = () => (
  <Icon>
    <path d="M5 20v-6M12 20V9M19 20V4" />
  </Icon>
);

export const HelpIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M9.6 9.400a2.5 2.5 0 1 1 3.5 2.500c-.8.4-1.1.9-1.1 1.800M12 16.600v.1" />
  </Icon>
);

export const SlidersIcon = () => (
  <Icon>
    <path d="M4 8h9M19 8h1M4 16h2M12 16h8" />
    <circle cx="16" cy="8" r="2.6" />
    <circle cx="9" cy="16" r="2.6" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);

export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <g class="logo-lines">
      <path d="M5 11h22M5 21h22M11 5v22M21 5v22" />
    </g>
    <circle cx="21" cy="11" r="4.2" class="logo-dot" />
  </svg>
);
