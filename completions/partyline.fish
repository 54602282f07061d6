# SPDX-License-Identifier: MIT
# Completion of partyline(1) for fish.
complete -c partyline -f -a '(__fish_print_hostnames)'
complete -c partyline -s n -l nick -x -d 'Be called NAME'
complete -c partyline -s j -l join -x -d 'Enter ROOM'
complete -c partyline -s s -l send -x -d 'Say TEXT and leave'
complete -c partyline -s t -l timeout -x -d 'Give up on an address after so long'
complete -c partyline -l color -x -a 'always never auto' -d 'Use colours'
complete -c partyline -l line -d 'No full screen'
complete -c partyline -l plain -d 'Read lines as they come'
complete -c partyline -l json -d 'Show each event as a line of JSON'
complete -c partyline -s h -l help -d 'Show the help'
complete -c partyline -s V -l version -d 'Show the version'
