# SPDX-License-Identifier: MIT
# Completion of partyline(1) for bash.
_partyline() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    case $before in
    --color) mapfile -t COMPREPLY < <(compgen -W 'always never auto' -- "$word") ;;
    --tls-ca | --password-file) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    --password-command) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
    --tls-fingerprint | --account | -n | --nick | -j | --join | -s | --send | -t | --timeout) COMPREPLY=() ;;
    *)
        if [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W '--nick --join --send --timeout --color --line
                --tls --tls-ca --tls-fingerprint --account --password-command --password-file
                --cleartext-password --plain --json --log --help --version' -- "$word")
        else
            mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
        fi
        ;;
    esac
}
complete -F _partyline partyline
