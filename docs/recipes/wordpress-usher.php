<?php
/**
 * Plugin Name: Usher
 * Description: People of Usher log in to WordPress, and pages ask for their tags: if (usher_has_tag('customer')) { … }
 *
 * Save it in wp-content/plugins, with USHER_URL and USHER_SITE_KEY in the environment. People whom Usher does not know log in as
 * before. Behind a proxy REMOTE_ADDR has to be the person's address: let the web server see to it.
 */

/** The user that Usher answers with, or the error's code. */
function usher_ask(string $path, ?array $body = null)
{
    $answer = wp_remote_request(rtrim(getenv('USHER_URL'), '/') . '/' . $path, [
        'method' => $body === null ? 'GET' : 'POST',
        'headers' => ['Authorization' => 'Bearer ' . getenv('USHER_SITE_KEY'), 'Content-Type' => 'application/json'],
        'body' => $body === null ? null : wp_json_encode($body),
        'timeout' => 5,
    ]);
    $read = json_decode(wp_remote_retrieve_body($answer), true);
    return $read['user'] ?? $read['error']['code'] ?? 'unavailable';
}

/** WordPress's own user for one of Usher's. It is found by Usher's id alone: an address could be an administrator's. */
function usher_own_user(array $user)
{
    $found = get_users(['meta_key' => 'usher_id', 'meta_value' => $user['id'], 'number' => 1]);
    // An address or username that somebody has here already is an error, which is shown.
    $id = $found ? $found[0]->ID : wp_insert_user([
        'user_login' => $user['login'],
        'user_email' => $user['email'],
        'user_pass' => wp_generate_password(40),
    ]);
    if (is_wp_error($id)) {
        return $id;
    }
    $set_at = $user['password_set_at'] ?? '';
    // Sessions from before another password was set end now: from here on they would look like the one that begins.
    if ($found && get_user_meta($id, 'usher_password_set_at', true) !== $set_at) {
        WP_Session_Tokens::get_instance($id)->destroy_all();
    }
    update_user_meta($id, 'usher_id', $user['id']);
    update_user_meta($id, 'usher_password_set_at', $set_at);
    update_user_meta($id, 'usher_tags', $user['tags']);
    return get_user_by('id', $id);
}

/** Before WordPress's own check, which comes at 20 and leaves alone whoever is known by then. */
function usher_authenticate($known, $login, $password)
{
    if ($known instanceof WP_User || $login === '' || $password === '') {
        return $known;
    }
    // WordPress hands on the password with a backslash before each quote.
    $typed = wp_unslash($password);
    $user = usher_ask('v1/login', ['login' => $login, 'password' => $typed, 'ip' => $_SERVER['REMOTE_ADDR']]);
    if (is_array($user)) {
        return usher_own_user($user);
    }
    if ($user === 'too_many_tries') {
        remove_filter('authenticate', 'wp_authenticate_username_password', 20);
        remove_filter('authenticate', 'wp_authenticate_email_password', 20);
        return new WP_Error('usher_too_many_tries', 'Too many tries. Wait a while.');
    }
    return $known;
}
add_filter('authenticate', 'usher_authenticate', 10, 3);

/** Once a minute: tags are those of now, and whoever is gone or has set another password has to log in again. */
function usher_check_session(): void
{
    $id = get_current_user_id();
    $usher_id = $id ? get_user_meta($id, 'usher_id', true) : '';
    if ($usher_id === '' || get_transient("usher_seen_$id")) {
        return;
    }
    $user = usher_ask('v1/users/' . rawurlencode($usher_id));
    if (is_string($user) && $user !== 'user_not_found') {
        return;
    }
    if (is_string($user) || ($user['password_set_at'] ?? '') !== get_user_meta($id, 'usher_password_set_at', true)) {
        WP_Session_Tokens::get_instance($id)->destroy_all();
        wp_set_current_user(0);
        return;
    }
    update_user_meta($id, 'usher_tags', $user['tags']);
    set_transient("usher_seen_$id", 1, 60);
}
add_action('init', 'usher_check_session');

/** Whether whoever looks at the page has a tag. */
function usher_has_tag(string $tag): bool
{
    $id = get_current_user_id();
    return $id && in_array($tag, (array) get_user_meta($id, 'usher_tags', true), true);
}
