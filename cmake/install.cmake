# What `cmake --install` puts where. The prefix is chosen when configuring: the units, and the daemon
# itself, name the places.
set(PARTYLINE_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/partylined)
set(PARTYLINE_UNIT_DIR ${CMAKE_INSTALL_PREFIX}/lib/systemd/system) # not LIBDIR: no multiarch
target_compile_definitions(core PUBLIC
    PARTYLINE_CONFIG_PATH="${PARTYLINE_CONFIG_DIR}/partylined.conf")

configure_file(systemd/partylined.service.in systemd/partylined.service @ONLY)

install(TARGETS partylined DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS partyline DESTINATION ${CMAKE_INSTALL_BINDIR})
install(PROGRAMS systemd/goodbye DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/partyline)
install(FILES conf/partylined.conf DESTINATION ${PARTYLINE_CONFIG_DIR})
install(FILES
    ${PROJECT_BINARY_DIR}/systemd/partylined.service
    systemd/partylined.socket
    systemd/partylined-irc.socket
    DESTINATION ${PARTYLINE_UNIT_DIR})

file(GLOB MANUALS_1 CONFIGURE_DEPENDS docs/*.1)
install(FILES ${MANUALS_1} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/partylined.conf.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES docs/partylined.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)

install(FILES completions/partyline.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME partyline)
install(FILES completions/_partyline DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES completions/partyline.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

file(GLOB DOCUMENTS CONFIGURE_DEPENDS README.md CHANGELOG.md LICENSE docs/*.md)
install(FILES ${DOCUMENTS} DESTINATION ${CMAKE_INSTALL_DOCDIR})
