#!/bin/bash
# boot-systemd.sh [-d DESTDIR] [-w DIR] [-t SECONDS] -- COMMAND [ARG...]
#
# Runs a command under a freshly booted, real systemd, and leaves nothing behind.
#
#   -d DESTDIR  a staged tree (DESTDIR=... cmake --install) that is laid over /
#   -w DIR      a directory shared with the host; all other writes vanish
#   -t SECONDS  how long the command may take (300)
#
# The exit status is the command's; 124: it took too long, 125: systemd did not come up.
#
# New mount, pid, net, ipc, uts and cgroup namespaces; the root is an overlay of the host's on a tmpfs;
# the root of cgroup2 is a cgroup of our own. The network has nothing but lo, with all ports free. At
# the end PID 1 is killed, and with it goes all there was. Needs root, and the packages systemd and
# util-linux.
set -u

die() {
    echo "boot-systemd: $*" >&2
    exit 125
}

destdir='' share='' limit=300
while getopts d:w:t: option; do
    case $option in
    d) destdir=$(readlink -e -- "$OPTARG") || die "no such directory: $OPTARG" ;;
    w) share=$(readlink -e -- "$OPTARG") || die "no such directory: $OPTARG" ;;
    t) limit=$OPTARG ;;
    *) die "usage: boot-systemd.sh [-d DESTDIR] [-w DIR] [-t SECONDS] -- COMMAND [ARG...]" ;;
    esac
done
[ $# -ge $OPTIND ] || die "no command given"
[ "$(id -u)" = 0 ] || die "must be root"
systemd=/lib/systemd/systemd
[ -x $systemd ] || die "the package systemd is not installed"

# Once more, in a mount namespace in which we can arrange things.
if [ "${BOOT_SYSTEMD_INSIDE-}" != 1 ]; then
    BOOT_SYSTEMD_INSIDE=1 exec unshare --mount --propagation private -- "$BASH" "$0" "$@"
fi
unset BOOT_SYSTEMD_INSIDE
shift $((OPTIND - 1))
directory=$PWD
base=/mnt root=/mnt/root cgroups=/mnt/cgroup

# Opened first, since they may lie below what the mounts hide.
[ -z "$destdir" ] || exec 8<"$destdir"
[ -z "$share" ] || exec 7<"$share"

mount_root() {
    mount -t tmpfs -o mode=755 boot-systemd $base &&
        mkdir $base/upper $base/work $root $cgroups &&
        mount -t overlay -o lowerdir=/,upperdir=$base/upper,workdir=$base/work overlay $root &&
        mount -t cgroup2 cgroup2 $cgroups
}

# A run that was killed may have left its own behind.
make_cgroup() {
    local old
    for old in "$cgroups"/boot-systemd.*; do
        [ -d "$old" ] && [ ! -d "/proc/${old##*.}" ] &&
            find "$old" -depth -type d -exec rmdir {} + 2>/dev/null
    done
    cgroup=$cgroups/boot-systemd.$$
    mkdir "$cgroup"
}

# Only what a service needs is started; nothing that changes the kernel beyond our namespaces.
trim_units() {
    local keep=" systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket \
systemd-sysusers.service systemd-tmpfiles-setup.service "
    local unit
    rm -rf $root/etc/systemd/system $root/usr/local/lib/systemd/system
    mkdir -p $root/etc/systemd/system $root/etc/tmpfiles.d
    for unit in "$root"/lib/systemd/system/*.wants/*; do
        case $keep in *" ${unit##*/} "*) ;; *) rm -f "$unit" ;; esac
    done
    : >$root/etc/fstab
    ln -sf /dev/null $root/etc/tmpfiles.d/tmp.conf # it would empty /tmp, a shared folder included
}

lay_over() {
    [ -z "$destdir" ] ||
        tar -C /proc/$$/fd/8 --owner=root:0 --group=root:0 -cf - . |
        tar -C $root --no-overwrite-dir -xf - || return
    [ -z "$share" ] || { mkdir -p "$root$share" && mount --rbind /proc/$$/fd/7 "$root$share"; }
}

mount_dev() {
    local node
    mount -t tmpfs -o mode=755 tmpfs $root/run
    mount -t tmpfs -o mode=755 tmpfs $root/dev
    for node in null zero full random urandom tty; do
        : >$root/dev/$node
        mount --bind /dev/$node $root/dev/$node
    done
    mkdir $root/dev/pts $root/dev/shm $root/dev/mqueue
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts $root/dev/pts
    mount -t tmpfs -o mode=1777 tmpfs $root/dev/shm
    ln -s pts/ptmx $root/dev/ptmx
    ln -s /proc/self/fd $root/dev/fd
    ln -s fd/0 $root/dev/stdin
    ln -s fd/1 $root/dev/stdout
    ln -s fd/2 $root/dev/stderr
}

# Runs as PID 1 of the new namespaces and becomes systemd. /proc/sys is read-only but for net, which
# is per namespace; a read-only /sys keeps udev out; $container makes systemd leave hardware alone.
# shellcheck disable=SC2317,SC2086 # run by name, in another shell
become_systemd() {
    set -e
    read -r pid _ </proc/self/stat # as the host sees it
    mount -t proc proc $root/proc
    mount --bind $root/proc/sys $root/proc/sys
    mount -o remount,bind,ro $root/proc/sys
    mount --bind $root/proc/sys/net $root/proc/sys/net
    mount -o remount,bind,rw $root/proc/sys/net
    mount -t sysfs -o ro sysfs $root/sys
    mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
    cd $root
    pivot_root . mnt
    umount -l mnt
    echo "$pid" >&9
    exec 9>&-
    exec env -i container=boot-systemd PATH=/usr/sbin:/usr/bin:/sbin:/bin $systemd --system \
        --unit=basic.target --log-target=journal-or-kmsg --show-status=no
}

# The cgroup is entered before its namespace is made, so that PID 1 sees it as the root.
boot() {
    (
        echo "$BASHPID" >"$cgroup/cgroup.procs" || exit 1
        export -f become_systemd
        export root systemd
        exec setpriv --pdeathsig KILL unshare --pid --fork --kill-child --net --ipc --uts --cgroup \
            --mount --propagation private -- "$BASH" -c become_systemd </dev/null 7<&- 8<&-
    ) &
    booting=$!
}

init='' booting=''
clean_up() {
    [ -z "$init" ] || kill -KILL "$init" 2>/dev/null
    [ -z "$booting" ] || { kill -KILL "$booting" && wait "$booting"; } 2>/dev/null
    for _ in {1..100}; do
        find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
        [ -d "$cgroup" ] || break
        sleep 0.05
    done
}

inside() {
    nsenter -t "$init" -m -u -i -n -p -C -- "$@"
}

wait_until_booted() {
    local state=''
    for _ in {1..400}; do
        state=$(inside systemctl is-system-running 2>/dev/null)
        case $state in
        running) return ;;
        degraded)
            inside systemctl --failed --no-pager >&2
            return
            ;;
        esac
        sleep 0.05
    done
    die "systemd did not finish booting: $state"
}

mount_root || die "cannot mount an overlay of / and cgroup2"
make_cgroup || die "cannot make a cgroup"
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
trim_units
lay_over || die "cannot lay $destdir and $share over the root"
mount_dev
mkfifo $base/pipe
exec 9<>$base/pipe
boot
read -r -t 20 init <&9 || die "systemd did not start"
exec 9>&- 7<&- 8<&-
wait_until_booted

# In the background, so that a signal to this script counts at once.
inside timeout -k 5 "$limit" "$BASH" -c 'cd "$1" 2>/dev/null || cd /; shift; exec "$@"' sh \
    "$directory" "$@" <&0 &
wait $!
exit $?
