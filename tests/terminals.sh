# SPDX-License-Identifier: Apache-2.0
# Sourced after lib.sh: real terminals, each on an X server of its own (Xvfb) whose memory is its picture.
# All have the same font, black behind white, an orange cursor and a home folder of their own, so that
# nobody's settings matter; a cell is 10 by 19 pixels on all of them. The client in each first marks the
# four corner cells, by which tests/e2e/cells finds the grid, then runs ssh. Keys are pressed with xdotool.
FONT="DejaVu Sans Mono"
CURSOR='#ff8000'
TERMINALS="xterm urxvt pterm mlterm vte konsole kitty alacritty tmux-konsole tmux-xterm"
cells=$SND_BUILDDIR/tests/e2e/cells

terminals_missing() {
    for program in Xvfb xdotool xterm urxvt pterm mlterm xfce4-terminal konsole kitty alacritty tmux \
        dbus-run-session python3; do
        command -v $program >/dev/null || echo $program
    done
}

# ---- settings, in the home folder of each

settings_pterm() {
    mkdir -p "$1/.putty/sessions"
    cat >"$1/.putty/sessions/Default%20Settings" <<X
FontName=client:$FONT 12
ScrollBar=0
WindowBorder=0
CurType=0
BlinkCur=0
TermWidth=80
TermHeight=24
Colour0=255,255,255
Colour2=0,0,0
Colour4=0,0,0
Colour5=255,128,0
X
}
settings_mlterm() {
    mkdir -p "$1/.mlterm"
    echo "DEFAULT=$FONT" >"$1/.mlterm/aafont"
    cat >"$1/.mlterm/main" <<X
type_engine=xft
fontsize=16
scrollbar_mode=none
inner_border=0
geometry=80x24
cursor_bg_color=$CURSOR
bg_color=black
fg_color=white
X
}
settings_vte() {
    mkdir -p "$1/.config/xfce4/terminal"
    cat >"$1/.config/xfce4/terminal/terminalrc" <<X
[Configuration]
FontName=$FONT 12
MiscMenubarDefault=FALSE
MiscToolbarDefault=FALSE
MiscBordersDefault=FALSE
MiscConfirmClose=FALSE
MiscCursorBlinks=FALSE
ScrollingBar=TERMINAL_SCROLLBAR_NONE
ShortcutsNoMenukey=TRUE
ShortcutsNoHelpkey=TRUE
ColorCursorUseDefault=FALSE
ColorCursor=$CURSOR
ColorForeground=#ffffff
ColorBackground=#000000
X
}
settings_konsole() {
    mkdir -p "$1/.local/share/konsole" "$1/.config"
    cat >"$1/.local/share/konsole/Plain.profile" <<X
[General]
Name=Plain
Parent=FALLBACK/
TerminalColumns=80
TerminalRows=24
TerminalMargin=0
[Appearance]
ColorScheme=Plain
Font=$FONT,-1,16,5,50,0,0,0,0,0
[Cursor Options]
CustomCursorColor=255,128,0
UseCustomCursorColor=true
[Scrolling]
ScrollBarPosition=2
HistoryMode=0
X
    cat >"$1/.local/share/konsole/Plain.colorscheme" <<X
[Background]
Color=0,0,0
[BackgroundIntense]
Color=0,0,0
[Foreground]
Color=255,255,255
[ForegroundIntense]
Color=255,255,255
[Color0]
Color=0,0,0
[Color7]
Color=229,229,229
[General]
Description=Plain
X
    cat >"$1/.config/konsolerc" <<X
[Desktop Entry]
DefaultProfile=Plain.profile
[KonsoleWindow]
RememberWindowSize=false
[TabBar]
TabBarVisibility=AlwaysHideTabBar
X
}
settings_kitty() {
    mkdir -p "$1/.config/kitty"
    cat >"$1/.config/kitty/kitty.conf" <<X
font_family $FONT
font_size 12
cursor $CURSOR
cursor_blink_interval 0
cursor_shape block
shell_integration disabled
initial_window_width 80c
initial_window_height 24c
remember_window_size no
window_padding_width 0
foreground #ffffff
background #000000
update_check_interval 0
enable_audio_bell no
X
}
settings_alacritty() {
    mkdir -p "$1/.config/alacritty"
    cat >"$1/.config/alacritty/alacritty.yml" <<X
window:
  dimensions: {columns: 80, lines: 24}
  padding: {x: 0, y: 0}
font:
  normal: {family: $FONT}
  size: 12
colors:
  primary: {background: '#000000', foreground: '#ffffff'}
  cursor: {text: '#000000', cursor: '$CURSOR'}
X
}
settings_none() { :; }

# ---- starting

# In the terminal: marks in the corners for as long as the size changes, the letters of `chart`, and what
# is in the file `go`.
client_write() {
    cat >"$work/client" <<'X'
cd "$1" || exit 1
stty -echo
printf '\033[?25l'
until [ -e go ]; do
    set -- $(stty size)
    if [ "$*" != "$was" ] && [ ! -e draw ]; then
        was=$*
        printf '\033[2J\033[7m\033[1;1H \033[1;%dH \033[%d;1H \033[%d;%dH \033[m' $2 $1 $1 $2
        echo "$1,$2" >size.new
        mv size.new size
    fi
    if [ -e draw ] && [ ! -e drawn ]; then
        cat draw
        : >drawn
    fi
    sleep 0.05
done
printf '\033[?25h\033[2J\033[H'
stty echo
. ./go
X
}

# in_x NAME COMMAND...: on the terminal's own X server, with nothing of this environment.
in_x() {
    of=$work/x/$1
    shift
    env -i PATH="$PATH" HOME="$of/home" XDG_CONFIG_HOME="$of/home/.config" XDG_CACHE_HOME="$of/home/.cache" \
        XDG_DATA_HOME="$of/home/.local/share" XDG_RUNTIME_DIR="$of/run" TMPDIR="$of/run" LANG=C.UTF-8 LC_ALL=C.UTF-8 \
        LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 DISPLAY=":$(cat "$of/display")" "$@"
}
# x_server NAME
x_server() {
    mkdir -p "$work/x/$1/home" "$work/x/$1/run" && chmod 700 "$work/x/$1/run"
    Xvfb -displayfd 3 -nocursor -screen 0 1040x620x24 -fbdir "$work/x/$1" -nolisten tcp \
        3>"$work/x/$1/display" 2>"$work/x/$1/log" &
    pids="$pids $!"
}
has_display() { [ -s "$work/x/$1/display" ]; }

# terminal_start NAME: the terminal with the client in it. A name of two parts is tmux in a terminal.
terminal_start() {
    named=$1 inside=
    if [ "${named#tmux-}" != "$named" ]; then
        # -L: that of xterm is the one that lib.sh asks.
        inside="tmux -u -L ${work##*/}$([ "$named" = tmux-xterm ] || echo "-$named") -f $work/tmux.conf new-session -s inner"
    fi
    set -- sh "$work/client" "$work/x/$named"
    case ${named#tmux-} in
    xterm | urxvt | tmux) settings=none ;;
    *) settings=${named#tmux-} ;;
    esac
    settings_$settings "$work/x/$named/home"
    case ${named#tmux-} in
    xterm) set -- xterm -fa "$FONT:pixelsize=16" -b 0 -bw 0 -geometry 80x24 +sb -bg black -fg white -cr "$CURSOR" -e $inside "$@" ;;
    urxvt) set -- urxvt -fn "xft:$FONT:pixelsize=16" -b 0 -bw 0 -geometry 80x24 +sb -bg black -fg white -cr "$CURSOR" -e "$@" ;;
    vte) set -- dbus-run-session xfce4-terminal --disable-server -x "$@" ;;
    konsole) set -- konsole --nofork --hide-menubar --hide-tabbar -e $inside "$@" ;;
    kitty) set -- kitty "$@" ;;
    *) set -- ${named#tmux-} -e "$@" ;;
    esac
    in_x "$named" setsid "$@" >>"$work/x/$named/log" 2>&1 &
    pids="$pids $!"
}

# The place of the cells, once the marks are drawn and the terminal has this size.
sized() {
    [ "$(cat "$work/x/$1/size" 2>/dev/null)" = "$2" ] &&
        "$cells" grid "$work/x/$1/Xvfb_screen0" "${2%,*}" "${2#*,}" >"$work/x/$1/grid"
}
window_find() {
    in_x "$1" xdotool search --onlyvisible --maxdepth 1 --name '' 2>/dev/null | sed 1d >"$work/x/$1/windows"
    tail -n 1 "$work/x/$1/windows" | grep . >"$work/x/$1/window" &&
        in_x "$1" xdotool windowfocus "$(cat "$work/x/$1/window")" 2>/dev/null
}

# terminals_start: all of them; 1 when one did not come up.
terminals_start() {
    client_write
    printf 'set -g status off\nset -g escape-time 10\nset -g window-size latest\n' >"$work/tmux.conf"
    for one in $TERMINALS; do x_server $one; done
    for one in $TERMINALS; do
        within 60 has_display $one || { note "no X server for $one"; return 1; }
    done
    for one in $TERMINALS; do terminal_start $one; done
    for one in $TERMINALS; do
        within 60 sized $one 24,80 && within 60 window_find $one || {
            note "$one did not come up: $(cat "$work/x/$one/size" 2>&1), $(tail -n 3 "$work/x/$one/log")"
            return 1
        }
    done
}
terminals_stop() {
    tmux -L "${work##*/}-tmux-konsole" kill-server 2>/dev/null
    for pid in $pids; do kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null; done
    for pid in $pids; do within 5 gone "$pid" || kill -9 "$pid" 2>/dev/null; done
    pids=
}
pids=

# ---- keys

# each "NAME..." FUNCTION ARGUMENT...: for these terminals at the same time; 1 when one of them failed.
each() {
    among=$1
    shift
    of_each=
    for one in $among; do
        "$@" "$one" &
        of_each="$of_each $!"
    done
    failed=0
    for pid in $of_each; do wait "$pid" || failed=1; done
    return $failed
}
press_in() {
    keyed=$1
    in_x "$2" xdotool key --delay 25 $keyed
}
type_in() { in_x "$2" xdotool type --delay 25 -- "$1"; }
# press KEY...: as xdotool names them. type_all TEXT: of the Latin keyboard.
press() { each "$TERMINALS" press_in "$*"; }
type_all() { each "$TERMINALS" type_in "$1"; }
